"""Eligibility: who can be helped by which programme, with what, and why.

It owns programmes (dated rules and packages as data), restrictions on destinations, the answers that officers give to a
programme's questions, exceptions that two people agreed on, and decisions, each final and replaced, never changed.

It tells `eligibility.decided`, `restriction.set` and `restriction.lifted`. It listens for what registration tells about
cases, declarations, withdrawals, returns by other means and people who are one, and for travel's departures and
refusals at the border. Answers stay here: they travel in no event.
"""
