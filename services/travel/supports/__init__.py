"""What must be arranged for a journey, as codes: who needs which place, seat or companion, and never why."""
