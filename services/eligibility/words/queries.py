"""Reads of texts: the files beside this module, each read once."""

from functools import cache
from pathlib import Path

from services.eligibility.words.rules import Texts

_FOLDER = Path(__file__).parent / "texts"


@cache
def texts_by_language() -> dict[str, Texts]:
    """The texts of every language there is."""
    found = (Texts.model_validate_json(file.read_bytes()) for file in sorted(_FOLDER.glob("*.json")))
    return {texts.language: texts for texts in found}
