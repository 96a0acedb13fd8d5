"""What one would write by hand instead, measured beside Homeward: the same rows, the same JSON, the same token."""
