"""Information sessions: language, topics, and who attended, by sex and age group."""
