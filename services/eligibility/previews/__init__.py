"""Previews: which cases a change of rules would decide otherwise, before it is made. They change nothing."""
