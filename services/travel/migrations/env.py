"""Alembic's environment: the house's own."""

from shared.migrations import run_environment

run_environment()
