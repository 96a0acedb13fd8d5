"""Decisions: each final and replaced, never changed, with what it saw and what its rules said."""
