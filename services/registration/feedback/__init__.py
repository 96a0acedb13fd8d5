"""Complaints and feedback, with a channel that only its focal points can read."""
