"""The journey: one line for each fact that any of the four services told about a case. Front ends ask here."""
