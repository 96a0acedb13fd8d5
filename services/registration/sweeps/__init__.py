"""What the worker does by itself in production: records compared, holds released whose day has passed."""
