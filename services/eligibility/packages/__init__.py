"""Packages: what a programme gives, line by line."""
