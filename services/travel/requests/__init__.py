"""Papers asked of embassies and authorities: requested, appointed, collected or refused, with dates and reminders."""
