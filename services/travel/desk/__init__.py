"""The airport desk: check-in, willingness, boarding, offload, no-show."""
