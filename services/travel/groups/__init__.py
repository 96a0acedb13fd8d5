"""Groups: cases that travel together on one flight, with seats allotted to them, and no family of them split."""
