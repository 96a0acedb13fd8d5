"""After departure: transit, arrival, and not being admitted."""
