"""The visits of the teams, and what was explained to groups."""
