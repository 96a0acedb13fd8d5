"""Titles: what a programme calls things, in the languages that it has words in."""
