"""Codes of the standards: countries (ISO 3166-1), currencies (ISO 4217), languages (BCP 47)."""

from functools import lru_cache
from typing import Annotated, Final

import langcodes
import pycountry
from pydantic import AfterValidator, WithJsonSchema

from shared.text import refused

COUNTRIES: Final = frozenset(country.alpha_3 for country in pycountry.countries)
# ISO 4217 also lists metals, funds, units of account and codes for "none" and "testing": nobody is paid in those.
_NOT_PAYABLE: Final = frozenset(
    ["XAD", "XAG", "XAU", "XBA", "XBB", "XBC", "XBD", "XDR", "XPD", "XPT", "XSU", "XTS", "XUA", "XXX"]
)
_ALPHA_2: Final = {country.alpha_3: str(country.alpha_2) for country in pycountry.countries}
CURRENCIES: Final = frozenset(currency.alpha_3 for currency in pycountry.currencies) - _NOT_PAYABLE
# ISO 4217, column "minor unit", where it is not 2.
_MINOR_UNITS: Final = {
    **dict.fromkeys(
        ["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV"], 0
    ),
    **dict.fromkeys(["XAF", "XOF", "XPF"], 0),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
    **dict.fromkeys(["CLF", "UYW"], 4),
}


def is_area_of(area: str, country: str) -> bool:
    """Whether a code of ISO 3166-2 (IQ-AR) begins with that country's code (ISO 3166-1 alpha-3, IRQ)."""
    return area.partition("-")[0] == _ALPHA_2.get(country)


def minor_units(currency: str) -> int:
    """How many decimals an amount in that currency may have (ISO 4217)."""
    return _MINOR_UNITS.get(currency, 2)


def _known(code: str, known: frozenset[str], standard: str, example: str) -> str:
    if code in known:
        return code
    hint = "write it in capitals" if code.upper() in known else f"such as {example}"
    raise refused("unknown_code", f"must be a code of {standard}: three capital letters, {hint}")


CountryCode = Annotated[
    str,
    AfterValidator(lambda code: _known(code, COUNTRIES, "ISO 3166-1 alpha-3", "IRQ")),
    WithJsonSchema({"type": "string", "pattern": "^[A-Z]{3}$", "description": "ISO 3166-1 alpha-3"}),
]
CurrencyCode = Annotated[
    str,
    AfterValidator(lambda code: _known(code, CURRENCIES, "ISO 4217 for money that is paid", "EUR")),
    WithJsonSchema({"type": "string", "pattern": "^[A-Z]{3}$", "description": "ISO 4217"}),
]

_NO_LANGUAGE: Final = frozenset({"und", "mul", "zxx", "mis"})
_LONGEST_TAG: Final = 35  # RFC 5646, 4.4.1


@lru_cache(maxsize=512)
def canonical_language(tag: str) -> str:
    """The canonical form of a BCP 47 tag of one known language (`EN-us` -> `en-US`). Raises ValueError."""
    if len(tag) > _LONGEST_TAG or not langcodes.tag_is_valid(tag):
        raise ValueError("unknown language tag")
    canonical = langcodes.standardize_tag(tag)
    if canonical.partition("-")[0] in _NO_LANGUAGE | {"x"}:
        raise ValueError("names no language")
    return canonical


def _language(tag: str) -> str:
    try:
        return canonical_language(tag)
    except ValueError:
        sentence = "must be the BCP 47 tag of a language, such as ar, ckb, kmr or en-GB"
        raise refused("unknown_code", sentence) from None


LanguageTag = Annotated[
    str,
    AfterValidator(_language),
    WithJsonSchema({"type": "string", "maxLength": _LONGEST_TAG, "description": "BCP 47, one language"}),
]
