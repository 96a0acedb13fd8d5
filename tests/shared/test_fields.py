"""What a body may carry: kept exactly, or refused without a word of what was sent."""

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, TypeAdapter, ValidationError

from shared.codes import COUNTRIES, CURRENCIES
from shared.fields import (
    Amount,
    Answer,
    AwareTime,
    Body,
    BusinessDate,
    CountryCode,
    CurrencyCode,
    LanguageTag,
    Line,
    Money,
    PersonName,
    PlainText,
    SignedAmount,
    Text,
    field_errors,
)


class Relation(StrEnum):
    mother = "mother"
    father = "father"


class Everything(Body):
    name: PersonName = "Nobody"
    line: Line = "line"
    note: PlainText = "note"
    short: Annotated[str, Text(5)] = "short"
    plain: str = "plain"
    coded: Annotated[str, Field(pattern="^[A-Z]+$", max_length=8)] = "A"
    seats: int = 0
    alone: bool = False
    born: date | None = None
    day: BusinessDate | None = None
    at: datetime | None = None
    moment: AwareTime | None = None
    share: Decimal | None = None
    amount: Amount = Decimal(0)
    change: SignedAmount = Decimal(0)
    money: Money | None = None
    country: CountryCode = "IRQ"
    currency: CurrencyCode = "EUR"
    language: LanguageTag = "ckb"
    case: UUID | None = None
    relation: Relation | None = None
    windows: tuple[int, ...] = ()


def refusal(**fields: Any) -> tuple[str, str, str]:
    """Pointer, kind and sentence of the one error these fields give."""
    with pytest.raises(ValidationError) as caught:
        Everything.model_validate(fields)
    errors = field_errors(caught.value.errors())
    assert len(errors) == 1
    return errors[0]["field"], errors[0]["kind"], errors[0]["message"]


@pytest.mark.parametrize(
    "name",
    [
        "Shilan Karim Ahmed",
        "شیلان کریم",
        "می\u200cخواهم",  # a Persian word with a zero-width non-joiner
        "\u200fأحمد\u200f",  # right-to-left marks
        "Ольга Ўладзіміраўна",
        "阿依古丽",
        "ጽዮን",
        "👩🏽‍🦱 👨‍👩‍👧",  # joiners inside emoji
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",  # a flag written with tags
        "e\u0301 and é",  # decomposed and composed, both as sent
        " leading and trailing ",
        "O’Neill-D'Arcy, Jr.",
        "\u2067שלום\u2069 Amina",  # an isolate, closed
        "\u202bعربي\u202c",
        "𐤀𐤁",
    ],
)
def test_a_name_in_any_script_is_kept_as_it_was_sent(name: str) -> None:
    assert Everything.model_validate({"name": name}).name == name
    assert Everything.model_validate_json(Everything(name=name).model_dump_json()).name == name


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("", "blank"),
        ("   ", "blank"),
        ("\u200d\u200e", "blank"),
        ("\u3164", "blank"),
        ("\u0301", "blank"),
        ("a\x00b", "control_character"),
        ("a\nb", "control_character"),
        ("a\tb", "control_character"),
        ("a\x85b", "control_character"),
        ("a\u2028b", "control_character"),
        ("a\x1b[31m", "control_character"),
        ("a\ud800", "not_text"),
        ("a\uffff", "not_text"),
        ("a\ufdd0", "not_text"),
        ("a\U0010fffe", "not_text"),
        ("M\ufffdller", "damaged_text"),
        ("a\u202eb", "direction_left_open"),
        ("a\u2066b", "direction_left_open"),
        ("a\u2069b", "direction_left_open"),
        ("\u2066a\u202c", "direction_left_open"),
        ("\u202b\u2066a\u202c\u2069", "direction_left_open"),
        ("x" * 151, "text_too_long"),
    ],
)
def test_a_name_that_could_not_be_kept_is_refused(name: str, kind: str) -> None:
    assert refusal(name=name)[:2] == ("/name", kind)


def test_a_note_takes_several_lines_and_no_other_control_character() -> None:
    assert Everything.model_validate({"note": "one\n\ttwo"}).note == "one\n\ttwo"
    assert refusal(note="one\r\ntwo")[1] == "control_character"
    assert refusal(note="\u2067one\ntwo\u2069")[1] == "direction_left_open"


def test_length_is_counted_in_characters_not_bytes() -> None:
    assert Everything.model_validate({"short": "🏡" * 5}).short == "🏡" * 5
    assert refusal(short="🏡" * 6)[2] == "must be at most 5 characters"


@given(st.text())
def test_any_text_is_kept_exactly_or_refused(text: str) -> None:
    try:
        kept = Everything.model_validate({"note": text}).note
    except ValidationError:
        return
    assert kept == text
    assert "\x00" not in kept
    kept.encode()


@given(st.text(min_size=1))
def test_a_field_that_is_only_said_to_be_text_takes_nothing_a_database_could_not(text: str) -> None:
    try:
        kept = Everything.model_validate({"plain": text}).plain
    except ValidationError:
        return
    assert kept == text
    assert kept.isprintable() or not any(ord(c) < 32 for c in kept)


@pytest.mark.parametrize(
    ("fields", "pointer", "kind"),
    [
        ({"seats": "5"}, "/seats", "int_type"),
        ({"seats": True}, "/seats", "int_type"),
        ({"seats": 5.0}, "/seats", "int_type"),
        ({"windows": [1, "2"]}, "/windows/1", "int_type"),
        ({"alone": 1}, "/alone", "bool_type"),
        ({"alone": "yes"}, "/alone", "bool_type"),
        ({"name": 5}, "/name", "string_type"),
        ({"plain": 5}, "/plain", "string_type"),
        ({"plain": "a\x00"}, "/plain", "control_character"),
        ({"plain": "x" * 201}, "/plain", "string_too_long"),
        ({"coded": "ABCDEFGHI"}, "/coded", "string_too_long"),
        ({"born": 0}, "/born", "date"),
        ({"born": "1639440000"}, "/born", "date"),
        ({"born": "2021-02-30"}, "/born", "date"),
        ({"day": "2021-12-14T00:00:00"}, "/day", "date"),
        ({"day": "0001-01-01"}, "/day", "date"),
        ({"day": "٢٠٢١-١٢-١٤"}, "/day", "date"),
        ({"at": 1639440000}, "/at", "time"),
        ({"at": "2021-12-14T09:30:00"}, "/at", "offset_missing"),
        ({"moment": "2021-12-14"}, "/moment", "time"),
        ({"moment": "2021-12-14T25:30:00Z"}, "/moment", "time"),
        ({"moment": "2021-12-14T09:30:00+99:00"}, "/moment", "time"),
        ({"share": 0.1}, "/share", "amount"),
        ({"amount": 12.5}, "/amount", "amount"),
        ({"amount": "1e3"}, "/amount", "amount"),
        ({"amount": "NaN"}, "/amount", "amount"),
        ({"amount": "Infinity"}, "/amount", "amount"),
        ({"amount": True}, "/amount", "amount"),
        ({"amount": "1.23456"}, "/amount", "amount"),
        ({"amount": " 1"}, "/amount", "amount"),
        ({"amount": "١٢"}, "/amount", "amount"),
        ({"amount": 10**12}, "/amount", "amount"),
        ({"amount": "-1"}, "/amount", "amount_negative"),
        ({"amount": -1}, "/amount", "amount_negative"),
        ({"country": "irq"}, "/country", "unknown_code"),
        ({"country": "IQ"}, "/country", "unknown_code"),
        ({"country": "XYZ"}, "/country", "unknown_code"),
        ({"currency": "XXX"}, "/currency", "unknown_code"),
        ({"currency": "XAU"}, "/currency", "unknown_code"),
        ({"language": "kurdish"}, "/language", "unknown_code"),
        ({"language": "und"}, "/language", "unknown_code"),
        ({"language": "x-secret"}, "/language", "unknown_code"),
        ({"language": ""}, "/language", "blank"),
        ({"language": "en-" + "a" * 100}, "/language", "unknown_code"),
        ({"case": "not-a-uuid"}, "/case", "uuid_parsing"),
        ({"relation": "cousin"}, "/relation", "enum"),
        ({"nickname": "Shilo"}, "/nickname", "extra_forbidden"),
        ({"Shilan Karim": "x"}, "/…", "extra_forbidden"),
        ({"money": {"amount": "1.005", "currency": "EUR"}}, "/money", "amount"),
        ({"money": {"amount": "10.5", "currency": "JPY"}}, "/money", "amount"),
        ({"money": {"amount": "1", "currency": "EUR", "note": "x"}}, "/money/note", "extra_forbidden"),
        ({"money": "12 EUR"}, "/money", "model_type"),
    ],
)
def test_what_does_not_fit_is_refused_and_named(fields: dict[str, Any], pointer: str, kind: str) -> None:
    assert refusal(**fields)[:2] == (pointer, kind)


@given(
    st.sampled_from(sorted(Everything.model_fields)),
    st.one_of(st.text(min_size=4), st.integers(10**6, 10**20), st.floats(), st.lists(st.text(min_size=4))),
)
def test_a_refusal_never_repeats_what_was_sent(field: str, value: object) -> None:
    try:
        Everything.model_validate({field: value})
    except ValidationError as error:
        said = [found["message"] for found in field_errors(error.errors())]
    else:
        said = []
    # Only what could be told apart from the sentence's own words: a limit is a number too.
    told_apart = repr(value) if not isinstance(value, str) else value if len(value) > 5 else repr(value)
    assert told_apart not in " ".join(said)


def test_a_library_s_message_with_the_value_in_it_is_left_out() -> None:
    adapter = TypeAdapter(UUID)
    with pytest.raises(ValidationError) as caught:
        adapter.validate_python("Shilan")
    assert "found `S`" in str(caught.value)
    assert field_errors(caught.value.errors())[0]["message"] == "must be a UUID as text"


def test_amounts_are_exact_and_leave_as_text() -> None:
    body = Everything.model_validate({"amount": "1250.50", "change": -7, "share": "0.1"})
    assert (body.amount, body.change, body.share) == (Decimal("1250.50"), Decimal(-7), Decimal("0.1"))
    assert '"amount":"1250.50"' in body.model_dump_json()
    assert Everything.model_validate({"change": "-0.00"}).change.is_signed() is False


@pytest.mark.parametrize(
    ("currency", "amount"), [("EUR", "10.55"), ("IQD", "10.555"), ("JPY", "10"), ("CLF", "1.2345")]
)
def test_money_has_the_decimals_of_its_currency(currency: str, amount: str) -> None:
    assert Money.model_validate({"amount": amount, "currency": currency}).amount == Decimal(amount)


def test_moments_are_turned_to_utc_and_keep_their_instant() -> None:
    body = Everything.model_validate({"moment": "2021-12-14T09:30:00+03:00"})
    assert body.moment == datetime(2021, 12, 14, 6, 30, tzinfo=UTC)
    assert '"moment":"2021-12-14T06:30:00.000000Z"' in body.model_dump_json()


def test_the_codes_of_the_story_are_known() -> None:
    assert {"IRQ", "BLR", "TUR", "POL", "SYR"} <= COUNTRIES
    assert {"EUR", "USD", "BYN", "IQD"} <= CURRENCIES
    for sent, kept in {"EN-gb": "en-GB", "ckb": "ckb", "kmr": "kmr", "ku-arab": "ku-Arab", "ar": "ar"}.items():
        assert Everything.model_validate({"language": sent}).language == kept


class Standing(Answer):
    at: datetime
    ceiling: Decimal
    paid: Money
    later: datetime | None = None
    on: date


def test_an_answer_gives_money_as_text_and_moments_with_z() -> None:
    answer = Standing(
        at=datetime(2021, 12, 14, 6, 30, tzinfo=UTC),
        ceiling=Decimal("1E+3"),
        paid=Money(amount=Decimal("2.50"), currency="EUR"),
        on=date(2021, 12, 14),
    )
    assert answer.model_dump(mode="json") == {
        "at": "2021-12-14T06:30:00.000000Z",
        "ceiling": "1000",
        "paid": {"amount": "2.50", "currency": "EUR"},
        "later": None,
        "on": "2021-12-14",
    }


def test_the_contract_shows_what_a_body_takes() -> None:
    schema = Everything.model_json_schema()["properties"]
    assert schema["plain"]["maxLength"] == 200
    assert schema["name"]["maxLength"] == 150
    assert schema["country"]["pattern"] == "^[A-Z]{3}$"
    assert schema["moment"]["anyOf"][0]["format"] == "date-time"
    assert Standing.model_json_schema(mode="serialization")["properties"]["at"]["format"] == "date-time"


class Chosen(Body):
    who: Literal[Relation.mother, Relation.father]
    some: Annotated[list[int], Field(min_length=1, max_length=2)]


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"who": "uncle", "some": [1]}, "must be 'mother' or 'father'"),
        ({"who": "mother", "some": []}, "must have at least 1 item"),
        ({"who": "mother", "some": [1, 2, 3]}, "must have at most 2 items"),
    ],
)
def test_what_may_be_sent_is_told_in_plain_words(sent: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Chosen.model_validate(sent)
    assert field_errors(caught.value.errors())[0]["message"] == told
