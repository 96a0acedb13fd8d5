"""The toy service, for what a running service says of itself."""

from tests.shared.conftest import world

__all__ = ["world"]
