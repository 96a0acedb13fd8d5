"""Words: a decision said to the person in plain words of their language, and to the officer with all that it saw."""
