"""Coming changes: rules that begin or end on a day to come, and the look at open cases on that day."""
