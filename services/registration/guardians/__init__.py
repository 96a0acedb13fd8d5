"""Guardians: who is shown to protection to be responsible for a child, beside the parents the desk names."""
