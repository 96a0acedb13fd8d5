"""A case: one household's file for a return, with its individuals; each has a status and a count of tries."""
