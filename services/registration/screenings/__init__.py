"""Screening for vulnerability, at the four levels of the model. What was found is read by protection and medical."""
