"""How fast it is. Every figure comes from a run of these, on the machine that runs them."""
