"""A site: where people are met, sheltered or seen off."""
