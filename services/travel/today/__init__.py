"""The airport desk's day: its flights, and how far each has come."""
