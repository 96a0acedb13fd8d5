"""Households collecting what they are entitled to: one receipt each, and the refused attempts."""
