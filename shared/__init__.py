"""What every service stands on: the event, the write, the outbox and the inbox. It knows no service."""
