"""Who left, on which flight and in which attempt, as registration knows it."""
