"""Relief: what is in stock at a site, and who is given what. Nothing here looks at a return."""
