"""The services under outages of every kind, on real servers, and an auditor that judges what they left."""
