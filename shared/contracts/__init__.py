"""The published language: what each service tells the others. AsyncAPI is made from these classes.

An event carries the whole of a fact as it now is, so that the last one is enough. Fields are only ever added, with a
default. One sample of every event lies in `tests/contract/samples/` and must parse for ever.
"""
