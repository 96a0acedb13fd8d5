"""What must be arranged for a journey, as codes and dated rules: which place, seat or companion, and never why."""
