"""Who is entitled to what: from the household's composition and needs, and from nothing else."""
