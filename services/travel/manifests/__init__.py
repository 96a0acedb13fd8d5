"""The manifest: names asked for at the moment of need, and not kept."""
