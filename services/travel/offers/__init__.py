"""Seats offered to a case until a moment: held meanwhile, back in the pool when it has passed."""
