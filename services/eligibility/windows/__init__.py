"""Windows: from when until when a line of a package is paid, and when what was not used of it is lost."""
