"""Seats that the desk freed in time: the worker gives them to those who wait, in the order of their list."""
