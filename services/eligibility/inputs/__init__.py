"""Inputs: all that a decision looks at, kept with it so that it can be made again."""
