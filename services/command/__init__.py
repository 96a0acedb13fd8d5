"""What the `homeward` command does, one module for each thing it runs."""
