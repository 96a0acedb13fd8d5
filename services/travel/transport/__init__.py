"""Transport to the airport: vehicles with places, for people who have a seat on a flight."""
