"""What other services may ask at the moment of need: names for a flight, contacts for a reception. Nothing is kept."""
