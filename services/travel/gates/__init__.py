"""What each gate asks of a person: at booking, at check-in, at the doors."""
