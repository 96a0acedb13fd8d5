"""Text written by people: kept exactly as sent, or refused; never trimmed, normalised or repeated in a refusal.

Names come in any script, with emoji, joiners (Persian and Kurdish need them) and direction marks. What could not be
stored, shown or told apart is refused instead.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, LiteralString

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

# In a schema's metadata: this part is checked already.
CHECKED: Final = "homeward_checked"

# Unicode TR9: what opens a directional run, and what closes it.
_OPENS: Final = dict.fromkeys("\u202a\u202b\u202d\u202e", "\u202c") | dict.fromkeys("\u2066\u2067\u2068", "\u2069")
_CLOSES: Final = frozenset(_OPENS.values())
# Letters and symbols by category that show nothing: Hangul fillers and the empty Braille pattern.
_INVISIBLE: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_LAYOUT: Final = frozenset("\n\t")


def refused(kind: LiteralString, sentence: str) -> PydanticCustomError:
    """What a validator raises: the sentence says what the field must be (constants and limits, never the value)."""
    return PydanticCustomError(f"homeward_{kind}", sentence)


def _is_noncharacter(character: str) -> bool:
    point = ord(character)
    return 0xFDD0 <= point <= 0xFDEF or point & 0xFFFE == 0xFFFE


def _shows(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNPSC" and not (
        unicodedata.category(character) in ("Cc", "Cf") or character in _INVISIBLE
    )


def _directions_balance(line: str) -> bool:
    waiting: list[str] = []
    for character in line:
        if character in _OPENS:
            waiting.append(_OPENS[character])
        elif character in _CLOSES and (not waiting or waiting.pop() != character):
            return False
    return not waiting


def checked_text(text: str, limit: int, several_lines: bool = False) -> str:
    """The same text. Raises the refusals that `Text` names."""
    if len(text) > limit:
        raise refused("text_too_long", f"must be at most {limit} characters")
    # Printable means here: no control, format, separator, surrogate or unassigned character. Most names are that.
    if text.isprintable() and "\ufffd" not in text and any(map(_shows, text)):
        return text
    for character in text:
        category = unicodedata.category(character)
        if category == "Cc" and not (several_lines and character in _LAYOUT):
            allowed = "line feeds and tabs are the only ones taken" if several_lines else "this is a single line"
            raise refused("control_character", f"must not contain control characters; {allowed}")
        if category in ("Zl", "Zp") and not several_lines:
            raise refused("control_character", "must not contain line separators; this is a single line")
        if category == "Cs" or _is_noncharacter(character):
            raise refused("not_text", "must be Unicode text; it contains a code point that is no character")
        if character == "\ufffd":
            raise refused("damaged_text", "contains U+FFFD: characters were lost on the way here; send it as written")
    if not all(_directions_balance(line) for line in re.split(r"[\n\u2029]", text)):
        raise refused("direction_left_open", "opens or closes a writing direction without its counterpart on the line")
    if not any(map(_shows, text)):
        raise refused("blank", "must not be blank")
    return text


# Letters that one script writes in several ways, and those whose mark is no mark to Unicode.
_ALIKE: Final = str.maketrans(
    {"\u064a": "\u06cc", "\u0649": "\u06cc", "\u06d0": "\u06cc", "\u0643": "\u06a9", "\u0629": "\u0647"}
    | {"\u06d5": "\u0647", "\u0131": "i", "\u0142": "l", "\u00f8": "o", "\u0111": "d"}
)


def compared(text: str) -> str:
    """The text as it is searched for: lower case, without marks, joiners and the variants of a letter, digits as 0 to
    9, and one space for whatever else stands between words. Kept beside what was written, never in its place."""
    shown: list[str] = []
    for character in unicodedata.normalize("NFKD", text.casefold()).translate(_ALIKE):
        category = unicodedata.category(character)
        if category == "Nd":
            shown.append(str(unicodedata.digit(character)))
        elif category[0] in "LN":
            shown.append(character)
        elif category[0] != "M" and category not in ("Cf", "Lm"):
            shown.append(" ")
    return " ".join("".join(shown).replace("\u0640", "").split())


def last_digits(text: str, count: int = 9) -> str:
    """The last digits of a telephone number, by which it is the same with and without its country's code."""
    return "".join(character for character in compared(text) if character.isdecimal())[-count:]


@dataclass(frozen=True, slots=True)
class Text:
    """Marks a `str` as text for people: `Annotated[str, Text(500)]`.

    `limit` counts characters (code points). `several_lines` also takes line feeds and tabs. Refused: blank text, other
    control characters, lone surrogates, noncharacters, U+FFFD, and direction runs left open at the end of a line.
    """

    limit: int
    several_lines: bool = False

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        # The length limit stands in the schema for readers of the contract; the check below gives the message.
        return core_schema.no_info_after_validator_function(
            lambda text: checked_text(text, self.limit, self.several_lines),
            core_schema.str_schema(strict=True, metadata={CHECKED: True}),
            metadata={"pydantic_js_updates": {"minLength": 1, "maxLength": self.limit}},
        )
