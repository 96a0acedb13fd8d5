"""Answers in words."""

from typing import Literal
from uuid import UUID

from services.eligibility.words.rules import Part, Reader
from shared.fields import Answer


class WordsAnswer(Answer):
    """A decision in words. `language`: of these words; `fell_back`: the one asked for has no texts, and
    these are English. `provisional`: no speaker has checked the texts. `data_language`: the programme's own:
    of an officer's sentences, and of each title that it does not give in the language of these words."""

    decision_id: UUID
    reader: Reader
    asked_language: str
    language: str
    fell_back: bool
    provisional: bool
    texts_version: int
    direction: Literal["ltr", "rtl"]
    data_language: str
    parts: tuple[Part, ...]
