"""Documents that individuals hold. Their numbers stay here; what they are good for is told."""
