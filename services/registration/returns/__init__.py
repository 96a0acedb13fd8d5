"""Returns without a departure of ours: recorded as such, and counted apart."""
