"""Programmes: dated rules and packages as data, one immutable version after the other."""
