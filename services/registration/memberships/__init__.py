"""Who joins a case that is there already, and who leaves it: each told, and all of it kept."""
