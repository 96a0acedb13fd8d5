"""Whoever comes to the airport without a booking: booked and checked in with one call, as far as the gates let."""
