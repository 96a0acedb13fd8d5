"""What `make mutants` does: one change at a time to a rule, and whether a test notices."""
