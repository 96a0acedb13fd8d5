"""Alembic's environment of eligibility: the one of all services."""

from shared.migrations import run_environment

run_environment()
