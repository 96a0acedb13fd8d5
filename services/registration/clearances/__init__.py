"""Clearance: the moment of no return. Registration decides, in one transaction, who may leave on a flight."""
