"""Restrictions: dated suspensions of returns to a country or an area of it."""
