"""Requests for return by week and channel, so that a rise is seen."""
