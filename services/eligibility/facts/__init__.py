"""Facts of other services, as folded from their events; nothing here was written over HTTP."""
