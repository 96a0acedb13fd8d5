"""Nights in a house near the airport, for people who have seats on a flight."""
