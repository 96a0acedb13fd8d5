"""What is personal in the story, and every form in which it could lie in a file."""

import base64
import json
import unicodedata
from collections.abc import Iterator
from datetime import date
from urllib.parse import quote, quote_plus

from services.demo.scenario import Scenario

SHORTEST = 4  # bytes; anything shorter is found everywhere
SHORTEST_BASE64 = 8
PAGE = 4096


def personal_values(story: Scenario) -> list[str]:
    """Names, birth dates, numbers of documents, contact, who saw a thumbprint, and what was noted about them."""
    found: list[str] = [story["screening"]["notes"], *story["declaration"]["thumbprints"].values()]
    found += [each for each in story["case"]["contact"].values() if each]
    found += [story["emergency_document"]["number"], *story["exit_permits"]["numbers"].values()]
    for member in story["members"]:
        names = (member["given_name"], member["family_name"])
        found += names
        found += [word for name in names for word in name.split() if len(word.encode()) > SHORTEST]
        found.append(member["birth_date"])
        found += [each["number"] for each in member["documents"]]
    return list(dict.fromkeys(found))


def forms(value: str) -> set[bytes]:
    """The value as text, escaped for JSON, percent-encoded, in base64 wherever it begins, in UTF-16, decomposed, and
    as a date or number is otherwise written."""
    found: set[bytes] = set()
    for text in _spellings(value):
        raw = text.encode()
        escaped = json.dumps(text)[1:-1]
        found |= {raw, escaped.encode(), _upper_escapes(escaped).encode(), text.encode("utf-16-le")}
        for percent in (quote(text), quote(text, safe=""), quote_plus(text)):
            found |= {percent.encode(), percent.lower().encode()}
        if len(raw) >= SHORTEST_BASE64:
            found |= set(_base64(raw))
    return {form for form in found if len(form) >= SHORTEST}


def _spellings(value: str) -> Iterator[str]:
    yield from {value, unicodedata.normalize("NFC", value), unicodedata.normalize("NFD", value)}
    try:
        day = date.fromisoformat(value)
    except ValueError:
        if value.startswith("+"):
            yield value[1:]
        return
    yield from (
        f"{day:%d.%m.%Y}",
        f"{day:%d/%m/%Y}",
        f"{day:%Y%m%d}",
        f"datetime.date({day.year}, {day.month}, {day.day})",
    )


def _upper_escapes(escaped: str) -> str:
    first, *rest = escaped.split("\\u")
    return first + "".join("\\u" + part[:4].upper() + part[4:] for part in rest)


def _base64(raw: bytes) -> Iterator[bytes]:
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + raw).rstrip(b"=")
        # The first and last characters also hold bits of what stands beside the value.
        inner = whole[(0, 2, 3)[before] : len(whole) - 1]
        yield inner
        yield inner.translate(bytes.maketrans(b"+/", b"-_"))


def traces(data: bytes, values: list[str]) -> list[str]:
    """Those of the values that lie in the data in any form."""
    return [value for value in values if any(form in data for form in forms(value))]
