"""Relief cards: a household as relief knows it, with or without a case of return."""
