"""The four services, the process that runs them together, and the `homeward` command."""
