"""PostgreSQL and Kafka, started by the tests themselves: as an ordinary user, in a temporary folder, on free ports.

`postgres.py` and `kafka.py` each hold a server that a test may start, stop and kill as it likes; `session.py` lends one
of each to a whole run, whatever the number of its processes; `plugin.py` makes fixtures of them.
"""
