"""Counselling: what was explained, in which language, and whether it was understood."""
