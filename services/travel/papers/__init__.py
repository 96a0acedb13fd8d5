"""Dated rules on exit permits, visas and transit visas, by country."""
