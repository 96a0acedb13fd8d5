"""Closing a case and opening it again: by an officer with a reason, or when assistance is over."""
