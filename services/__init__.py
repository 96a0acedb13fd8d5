"""The four services, the process that runs them together, and the `homeward` command."""

from shared.settling import look_seldom

look_seldom()
