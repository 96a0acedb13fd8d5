"""Distributions: announced, opened with supplies, closed when they add up."""
