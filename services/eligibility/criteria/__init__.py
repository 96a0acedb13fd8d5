"""Criteria: the expressions that a programme's rules are written in."""
