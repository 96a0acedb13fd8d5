"""Who waits for seats, in an order that is written down: first who must go first, then who has waited longest."""
