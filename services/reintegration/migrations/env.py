"""Alembic's environment; what it does is the same for every service."""

from shared.migrations import run_environment

run_environment()
