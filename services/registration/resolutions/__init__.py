"""How an incident was resolved, and what follows from it."""
