"""Visits of the outreach teams."""
