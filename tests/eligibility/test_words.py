"""A decision in words: plain for the person in their language, whole for the officer."""

import re
from datetime import date
from typing import Any

import pytest

from services.eligibility.words.queries import texts_by_language
from services.eligibility.words.rules import chosen_language
from shared.auth import Role
from shared.contracts.eligibility import EligibilityDecided, Outcome, PayableWindow
from shared.contracts.registration import Means
from tests.eligibility.story import RO, YES, Family, found, suspend, version
from tests.world import World

LANGUAGES = sorted(texts_by_language())


async def words(family: Family, reader: str = "person", language: str = "en") -> tuple[dict[str, object], str]:
    decision = (await family.standing())["decision"]["decision_id"]
    said = await family.world.get(f"/decisions/{decision}/words?for={reader}&language={language}", role=RO)
    lines = [line for part in said["parts"] for line in (part["title"], *part["lines"])]
    return said, "\n".join(lines)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_family_reads_what_it_gets_in_its_language(world: World, language: str) -> None:
    await found(world)
    family = await Family(world).register()
    await family.answer(YES)
    said, whole = await words(family, language=language)
    assert (said["language"], said["fell_back"]) == (language, False)
    assert said["provisional"] is (language != "en")
    assert said["direction"] == ("rtl" if language in ("ar", "ckb", "fa") else "ltr")
    assert "2600.00 EUR" in whole
    assert texts_by_language()[language].ask_again in whole
    assert not re.search(r"[a-z]+_[a-z]+|\{|[0-9a-f]{8}-", whole), "no code, no id, no gap left open"


async def test_a_language_without_texts_falls_back_to_english_and_says_so(world: World) -> None:
    await found(world)
    family = await Family(world).register()
    said, whole = await words(family, language="ti")
    assert (said["language"], said["fell_back"], said["asked_language"]) == ("en", True, "ti")
    assert "We cannot decide yet" in whole


@pytest.mark.parametrize("language", LANGUAGES)
async def test_whoever_is_asked_something_reads_it_in_their_language(world: World, language: str) -> None:
    """What registration does not know, and what the programme alone asks where it says it in that language."""
    content = version()
    (question,) = content["questions"]
    question["texts"] = {each: f"{each}: {question['text']}" for each in ("ar", "ckb", "ru")}
    await found(world, content)
    await suspend(world, area="IQ-BA")
    family = await Family(world).register(means=Means.UNKNOWN, destination_area=None)
    _, whole = await words(family, language=language)
    texts = texts_by_language()[language]
    asked = {each["fact"] for each in (await family.standing())["missing"]}
    assert asked == {"case.means", "case.destination_suspended", "answer.pending_procedure_withdrawn"}
    for fact in ("case.means", "case.destination_suspended"):
        assert texts.facts[fact] in whole
    assert question["texts"].get(language, question["text"]) in whole
    assert "egistration must say" not in whole, "that is for the officer"
    decision = (await family.standing())["decision"]["decision_id"]
    assert (await world.get(f"/decisions/{decision}/derivation", role=RO))["identical"] is True


async def test_a_refusal_says_why_in_a_sentence_and_what_can_still_be_done(world: World) -> None:
    await found(world)
    family = await Family(world).register()
    await family.answer(YES)
    await suspend(world)
    _, whole = await words(family)
    texts = texts_by_language()["en"]
    assert texts.reasons["destination_open"] in whole
    assert texts.next[Outcome.INELIGIBLE] in whole
    assert "procedure" not in whole


async def test_an_officer_reads_every_rule_with_what_it_saw_and_its_source(world: World) -> None:
    await found(world)
    family = await Family(world).register()
    await family.answer(YES)
    decision = await family.decision()
    _, whole = await words(family, reader="officer")
    for rule in decision["trace"]:
        assert rule["sentence"] in whole
        assert rule["source"] in whole
    assert "case.stay_days = 50" in whole
    for line in decision["package"]:
        assert line["sentence"] in whole
    await world.get(f"/decisions/{decision['decision_id']}/words", role=Role.TRAVEL_OFFICER, expect=403)


def test_every_language_has_the_same_reasons_and_the_same_gaps() -> None:
    english = texts_by_language()["en"].model_dump(mode="json")

    def gaps(texts: object) -> object:
        if isinstance(texts, dict):
            return {key: gaps(value) for key, value in texts.items()}
        return sorted(re.findall(r"\{[a-z]+\}", str(texts)))

    for texts in texts_by_language().values():
        assert gaps(texts.model_dump(mode="json")) == gaps(english), texts.language
    assert set(LANGUAGES) == {"ar", "ckb", "en", "es", "fa", "fr", "ru"}
    assert chosen_language("fr-CA", frozenset(LANGUAGES)) == "fr"


def with_titles_and_windows() -> dict[str, Any]:
    """A version in English that names itself, a line and a rule in other languages, too."""
    content = version()
    content["titles"] = {"en": "The way home", "fr": "Le retour"}
    content["rules"][0]["titles"] = {"fr": "Une nationalité du programme"}
    business = next(line for line in content["package"] if line["code"] == "business")
    business["titles"] = {"ckb": "کارێکی بچووک", "fr": "Une petite entreprise"}
    business["window"] = {"from_arrival": "P1M", "until_date": "2022-06-30", "expires_after_arrival": "P12M"}
    return content


async def test_titles_are_read_in_the_readers_language_else_in_the_programmes_own(world: World) -> None:
    await found(world, with_titles_and_windows())
    family = await Family(world).register()
    await family.answer(YES)
    title = next(line["title"] for line in (await family.decision())["package"] if line["code"] == "business")
    for language, programme, business in (
        ("en", "The way home", title),
        ("fr-CA", "Le retour", "Une petite entreprise"),
        ("ckb", "The way home", "کارێکی بچووک"),
        ("es", "The way home", title),
        ("ti", "The way home", title),
    ):
        said, whole = await words(family, language=language)
        assert (said["data_language"], programme in whole, business in whole) == ("en", True, True), language
    decision = (await family.standing())["decision"]["decision_id"]
    derived = await world.get(f"/decisions/{decision}/derivation", role=RO)
    assert derived["identical"] is True, "what was told of it can be told again"
    _, officer = await words(family, reader="officer", language="fr")
    assert "Le retour" in officer
    assert "Une nationalité du programme" in officer


async def test_who_gets_help_reads_from_when_until_when_it_is_paid_and_when_it_is_lost(world: World) -> None:
    await found(world, with_titles_and_windows())
    family = await Family(world).register()
    await family.answer(YES)
    _, whole = await words(family)
    (line,) = [each for each in whole.splitlines() if "Paid from" in each]
    assert line.endswith(
        "Paid from: 1 month(s) after your arrival. Paid until: 2022-06-30."
        " What you have not used by then is lost: 12 month(s) after your arrival."
    )
    _, officer = await words(family, reader="officer")
    assert "paid from 1 month after the arrival, until 2022-06-30, lost after 12 months after the arrival" in officer
    told = [EligibilityDecided.model_validate(each.data) for each in await world.told(EligibilityDecided, family.case)]
    window = next(each.window for each in told[-1].package if each.code == "business")
    assert window == PayableWindow(from_arrival="P1M", until_date=date(2022, 6, 30), expires_after_arrival="P12M")
