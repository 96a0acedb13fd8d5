"""Who returned: a ledger of departures, counted as of a day, as known at a moment."""
