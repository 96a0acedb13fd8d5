"""Finding a case again: by a paper on the table, by a name, or by a telephone number. Nothing of a search is kept but
that it was made, and by whom."""
