"""Cases: where each stands in eligibility, and what officers answered to a programme's questions."""
