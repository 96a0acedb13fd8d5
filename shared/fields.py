"""Field types of request bodies and answers: each refuses what it cannot keep exactly, and never repeats a value.

A refusal says what the field must be and never what was sent, for that may be personal data.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final, TypedDict

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema, core_schema

from shared.clock import rfc3339
from shared.codes import CountryCode, CurrencyCode, LanguageTag, minor_units
from shared.text import CHECKED, Text, checked_text, refused

__all__ = [
    "Amount",
    "Answer",
    "AwareTime",
    "Body",
    "BusinessDate",
    "CountryCode",
    "CurrencyCode",
    "FieldError",
    "LanguageTag",
    "Line",
    "Money",
    "PersonName",
    "PlainText",
    "SignedAmount",
    "Text",
    "field_errors",
    "minor_units",
    "plain_decimal",
    "refused",
    "shown",
]

PersonName = Annotated[str, Text(150)]
Line = Annotated[str, Text(200)]
PlainText = Annotated[str, Text(4000, several_lines=True)]

_EXACT: Final = re.compile(r"(-?)[0-9]{1,12}(?:\.[0-9]{1,4})?")
_AMOUNT_SENTENCE: Final = 'must be an amount as text, such as "1250.50": up to 12 digits and 4 decimals, no exponent'


def _exact(value: object, *, negative: bool = False) -> Decimal:
    """Money is never a binary fraction: it comes as text or as a whole number."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise refused("amount", _AMOUNT_SENTENCE)
    if isinstance(value, int) and abs(value) >= 10**12:
        raise refused("amount", _AMOUNT_SENTENCE)
    written = f"{value:f}" if isinstance(value, Decimal) else str(value)
    form = _EXACT.fullmatch(written)
    if form is None:
        raise refused("amount", _AMOUNT_SENTENCE)
    amount = Decimal(written)
    if amount == 0:
        return abs(amount)
    if form[1] and not negative:
        raise refused("amount_negative", "must not be negative")
    return amount


def _signed(value: object) -> Decimal:
    return _exact(value, negative=True)


def plain_decimal(amount: Decimal) -> str:
    """`1250.50`: never an exponent, decimals as they are."""
    return f"{amount:f}"


_AMOUNT_OUT: Final = PlainSerializer(plain_decimal, return_type=str, when_used="json")
Amount = Annotated[
    Decimal,
    BeforeValidator(_exact),
    _AMOUNT_OUT,
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]{1,12}(\.[0-9]{1,4})?$"}),
]
SignedAmount = Annotated[
    Decimal,
    BeforeValidator(_signed),
    _AMOUNT_OUT,
    WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]{1,12}(\.[0-9]{1,4})?$"}),
]

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?([Zz]|[+-][0-9]{2}:[0-9]{2})?"
)
_YEARS: Final = range(1900, 2200)  # nobody alive, and no plan, lies outside


def _a_date(value: object) -> date:
    sentence = "must be a date as text, YYYY-MM-DD, between the years 1900 and 2199"
    if isinstance(value, date) and not isinstance(value, datetime):
        day = value
    elif isinstance(value, str) and _DATE.fullmatch(value):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise refused("date", "must be a day of the calendar, YYYY-MM-DD") from None
    else:
        raise refused("date", sentence)
    if day.year not in _YEARS:
        raise refused("date", sentence)
    return day


def _a_moment(value: object) -> datetime:
    sentence = "must be a date and time as text with its offset (RFC 3339), such as 2021-12-14T09:30:00+03:00"
    if isinstance(value, datetime):
        moment = value
    elif isinstance(value, str) and (form := _MOMENT.fullmatch(value)):
        if form[1] is None:
            raise refused("offset_missing", "must say its offset from UTC, such as +03:00 or Z")
        try:
            moment = datetime.fromisoformat(value.upper())
        except ValueError:
            raise refused("time", sentence) from None
    else:
        raise refused("time", sentence)
    if moment.tzinfo is None:
        raise refused("offset_missing", "must say its offset from UTC, such as +03:00 or Z")
    if moment.year not in _YEARS:
        raise refused("time", "must lie between the years 1900 and 2199")
    return moment.astimezone(UTC)


BusinessDate = Annotated[date, BeforeValidator(_a_date)]
AwareTime = Annotated[
    datetime,
    BeforeValidator(_a_moment),
    PlainSerializer(rfc3339, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]

_LIMIT_OF_A_LINE: Final = 200
_EXACT_INPUT: Final[dict[str, Any]] = {"date": _a_date, "datetime": _a_moment, "decimal": _signed}
_EXACT_OUTPUT: Final[dict[str, Any]] = {
    "datetime": (rfc3339, core_schema.str_schema(metadata={"pydantic_js_updates": {"format": "date-time"}})),
    "decimal": (plain_decimal, core_schema.str_schema()),
}


def _walk(schema: Any, change: Callable[[dict[str, Any]], None]) -> None:
    if isinstance(schema, dict):
        # Inward first: what `change` wraps around a part is not walked again.
        for name, part in list(schema.items()):
            if name not in ("metadata", "serialization", "default"):
                _walk(part, change)
        change(schema)
    elif isinstance(schema, list):
        for part in schema:
            _walk(part, change)


def _take_exactly(schema: dict[str, Any]) -> None:
    kind = schema.get("type")
    if kind in ("int", "bool", "float"):
        schema.setdefault("strict", True)
    elif kind not in (*_EXACT_INPUT, "str") or CHECKED in (schema.get("metadata") or {}):
        return
    inner: Any = {**schema, "metadata": {**(schema.get("metadata") or {}), CHECKED: True}}
    if kind == "str":
        limit = inner.setdefault("max_length", _LIMIT_OF_A_LINE)
        wrapped: CoreSchema = core_schema.no_info_after_validator_function(
            lambda text: checked_text(text, limit), inner
        )
    elif kind in _EXACT_INPUT:
        wrapped = core_schema.no_info_before_validator_function(_EXACT_INPUT[kind], inner)
    else:
        return
    schema.clear()
    schema.update(wrapped)


def _give_exactly(schema: dict[str, Any]) -> None:
    kind = schema.get("type")
    # The walk also passes a model's map of fields, where "type" may be the name of one.
    if isinstance(kind, str) and kind in _EXACT_OUTPUT and "serialization" not in schema:
        write, form = _EXACT_OUTPUT[kind]
        schema["serialization"] = core_schema.plain_serializer_function_ser_schema(
            write, return_schema=form, when_used="json-unless-none"
        )


class Body(BaseModel):
    """A request's body: unknown fields are refused, and nothing is turned into another type.

    "5" is no number, 1 is no boolean, a number is no date. A field that is only said to be `str`, `date`, `datetime`
    or `Decimal` is as strict as Line, BusinessDate, AwareTime or SignedAmount.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[BaseModel], handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = handler(source)
        _walk(handler.resolve_ref_schema(schema), _take_exactly)
        return schema


def shown(*bodies: Mapping[str, Any]) -> ConfigDict:
    """What the API's page shows of a body, as its `model_config`: bodies that are taken as they stand, but for ids."""
    return ConfigDict(json_schema_extra={"examples": [dict(each) for each in bodies]})


class Answer(BaseModel):
    """An answer's body: amounts as text without exponent, moments as RFC 3339 in UTC with Z. A naive moment fails."""

    model_config = ConfigDict(frozen=True, from_attributes=True, hide_input_in_errors=True)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[BaseModel], handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = handler(source)
        _walk(handler.resolve_ref_schema(schema), _give_exactly)
        return schema


class Money(Body):
    """An amount, not negative, with no more decimals than its currency has (ISO 4217)."""

    amount: Amount
    currency: CurrencyCode

    @model_validator(mode="after")
    def _fits_the_currency(self) -> "Money":
        exponent = self.amount.as_tuple().exponent
        if isinstance(exponent, int) and -exponent > minor_units(self.currency):
            raise refused("amount", f"may have {minor_units(self.currency)} decimals in its currency")
        return self


class FieldError(TypedDict):
    """One member of a problem's `errors`: where (RFC 6901), what kind (stable), and what the field must be."""

    field: str
    kind: str
    message: str


_SENTENCES: Final = {
    "missing": "is required",
    "extra_forbidden": "is not a field of this request",
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false",
    "uuid_type": "must be a UUID as text",
    "uuid_parsing": "must be a UUID as text",
    "union_tag_invalid": "must name one of the kinds that this request knows",
    "union_tag_not_found": "must name its kind",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "dict_type": "must be an object",
    "list_type": "must be a list",
}
# Pydantic's own words for these carry limits and the values that are allowed, never the value that came.
_SAYS_LIMITS_ONLY: Final = frozenset(
    {"enum", "literal_error", "too_short", "too_long", "string_too_short", "string_too_long", "string_pattern_mismatch"}
    | {"greater_than", "greater_than_equal", "less_than", "less_than_equal", "multiple_of", "finite_number"}
)
_A_MEMBER: Final = re.compile(r"<\w+\.\w+: ('[^']*')>")
"""How Python writes a member of an enumeration; what may be sent is its value."""
_HOW_MANY: Final = re.compile(r"^\w+ should have at (least \d+ items?|most \d+ items?) after validation, not \d+.*$")
_A_FIELDS_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")


def field_errors(errors: Iterable[Mapping[str, Any]]) -> list[FieldError]:
    """What `ValidationError.errors()` says, without a single value that was sent.

    Left out are the input, its context, and every message that could repeat it (such as a ValueError's); a validator
    that has something to say raises `refused(...)`. An unknown field's name is given only where it looks like one.
    """
    return [
        FieldError(
            field="/" + "/".join(_place(part) for part in error["loc"] if part != "body"),
            kind=str(error["type"]).removeprefix("homeward_"),
            message=_sentence(str(error["type"]), str(error["msg"])),
        )
        for error in errors
    ]


def _place(part: int | str) -> str:
    return str(part) if isinstance(part, int) or _A_FIELDS_NAME.fullmatch(part) else "…"


def _sentence(kind: str, message: str) -> str:
    if kind.startswith("homeward_"):
        return message
    if kind in _SAYS_LIMITS_ONLY:
        message = _A_MEMBER.sub(r"\1", _HOW_MANY.sub(r"must have at \1", message))
        return message.replace("Input should be", "must be").replace("String should", "must")
    return _SENTENCES.get(kind, "is not valid here")
