"""Reports that only registration can give, for only it knows who is vulnerable."""
