"""Answers in words."""

from typing import Literal
from uuid import UUID

from services.eligibility.words.rules import Part, Reader
from shared.fields import Answer


class WordsAnswer(Answer):
    """A decision in words. `language`: of these words; `fell_back`: the one asked for has no texts, and
    these are English. `provisional`: no speaker has checked the texts. `data_language`: in which the titles of the
    package and an officer's sentences are, for a programme says them in one language."""

    decision_id: UUID
    reader: Reader
    asked_language: str
    language: str
    fell_back: bool
    provisional: bool
    texts_version: int
    direction: Literal["ltr", "rtl"]
    data_language: str = "en"
    parts: tuple[Part, ...]
