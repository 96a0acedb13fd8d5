"""Pocket money before departure, against a receipt."""
