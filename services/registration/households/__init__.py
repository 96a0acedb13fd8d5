"""Households as others than their case may know them: that they are there, and nothing else."""
