"""What reports count by, in the order in which it became known here."""
