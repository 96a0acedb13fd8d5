"""Appointments for counselling: when, in which language, with which interpreter, and whether they were kept."""
