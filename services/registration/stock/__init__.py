"""Relief items and where they lie: a ledger of movements for each site, never below nothing."""
