"""Fares: what a seat costs and on which line, what the airline keeps of it, and a ledger of what became of each."""
