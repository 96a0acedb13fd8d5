"""Relief cards: a household's, with a return case or without; its people over time, and what becomes of a lost one."""
