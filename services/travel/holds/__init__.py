"""Bookings on hold: those booked are held and told at once, and go on when what held them is gone."""
