"""Passengers: one person on one flight, from booked to arrived, and how they are taken off."""
