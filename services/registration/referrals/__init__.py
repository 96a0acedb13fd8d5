"""Referrals to other agencies, each by a consent that names the recipient."""
