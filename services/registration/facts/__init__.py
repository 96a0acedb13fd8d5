"""What the other services told about our cases, kept as it came. Only folds write here; a rebuild makes it again."""
