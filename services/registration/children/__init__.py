"""Children alone: what must be there before one may travel, item by item, each of which can be taken back."""
