"""A flight worked on paper while everything was down, and entered afterwards."""
