"""A steady load of whole journeys, and a journal of everything it asked and was answered."""
