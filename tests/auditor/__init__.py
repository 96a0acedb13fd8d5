"""What must be so after any run, whatever was done to the services: rules that read rows, messages and a journal.

They know two places to read from: the folder of the embedded default (tests/kills), and the databases and topics of
separate processes (tests/outages). Each rule gives its findings as sentences; none means that nothing was lost and
nothing was done twice.
"""
