"""Holds: someone may not go on for now. That they are held is told; why, never."""
