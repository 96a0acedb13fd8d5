"""Decisions and exceptions that are good no more."""
