"""The doors: who flies, the hand-over to registration, and that the aircraft left."""
