"""Dated counts of the people at a site, each with its method and author; a count is corrected by a new one."""
