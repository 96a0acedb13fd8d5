"""Vulnerability: risk and protective factors at four levels, a plan, and the priority that follows from them."""
