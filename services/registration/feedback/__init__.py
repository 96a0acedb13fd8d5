"""Complaints and feedback, with a protected channel for exploitation and abuse."""
