"""Traces: what each rule said of a case, what it saw, and in which words."""
