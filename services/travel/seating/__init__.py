"""Seats that were set aside: offered to a case, and booked from what was held."""
