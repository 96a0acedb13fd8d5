"""Escorts who fly with people, with seats of their own. Who they are is a code: no name is kept here."""
