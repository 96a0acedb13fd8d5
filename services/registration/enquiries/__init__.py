"""The hotline log and every other question: who asked what, how urgent it is, and what was done."""
