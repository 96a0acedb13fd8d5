"""Notices: who must be told what has become of their journey, and how each was told."""
