"""The same person registered twice: candidates, a person's decision, and a link that can be undone."""
