"""People in and out of a site, with the reason, and what the register and the counts disagree on."""
