"""Vocabulary: the facts a criterion can ask about, with their kinds."""
