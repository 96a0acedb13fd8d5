"""Bookings: seats for a whole family, or none."""
