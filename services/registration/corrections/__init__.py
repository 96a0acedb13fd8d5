"""Corrections: what was wrong is put right, and what was there before is kept."""
