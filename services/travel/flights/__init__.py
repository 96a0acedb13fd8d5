"""Flights: legs, seats held for the programme, fare, and the times the airline sets."""
