"""Disputed age: until it is settled, the person counts as a child."""
