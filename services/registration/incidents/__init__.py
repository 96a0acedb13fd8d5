"""Incidents: what a person of protection must look at and resolve. They undo nothing by themselves."""
