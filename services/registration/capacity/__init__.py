"""Capacity to decide: where somebody doubts it, a professional assesses it before anything is signed."""
