"""Which of a programme's words somebody reads. A title is in the version's own language; others stand beside it."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from shared.fields import LanguageTag, Line

Titles = Annotated[Mapping[LanguageTag, Line], Field(max_length=60)]
"""A title in other languages, by their BCP 47 tags."""
OWN_LANGUAGE = "en"
"""The language of a version that says nothing else: what was written before a version could say so is English."""


def title_in(language: str, titles: Mapping[str, str], own: str) -> str:
    """The title in that language, or in the one without its region, else the version's own."""
    for each in (language, language.split("-")[0]):
        if each in titles:
            return titles[each]
    return own
