"""What other services told, folded: kept as it came, decided on elsewhere, and made again from the topics alone."""
