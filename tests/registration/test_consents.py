"""Consent to the use of data: per purpose, taken back by itself, and asked before contacts are given."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from services.registration.app import create_app
from services.registration.consents.rules import Agreed, Use, as_they_stand
from tests.registration.story import AU, CO, RE, RO, SV, Case, register
from tests.world import STORY_TIME, World, start

DAY = timedelta(days=1)


def consent(case: Case, ref: str = "mother", purpose: str = "reintegration_contact", **more: Any) -> dict[str, Any]:
    """Of one of the family; for its children the mother gives it."""
    by_mother = {"given_by": str(case.ids["mother"])} if ref in ("daughter", "son") else {}
    return {
        **by_mother,
        "individual_id": str(case.ids[ref]),
        "purpose": purpose,
        "recipient": "IOM Iraq",
        "form_version": "2021-1",
        "language": "ckb",
        "form": "written",
        **more,
    }


async def contacts(case: Case) -> Any:
    body = {"individuals": [str(one) for one in case.ids.values()]}
    return await case.world.post("/reception-contacts", body, role=SV, subject="reintegration")


async def test_contacts_are_given_where_consent_covers_them_and_until_it_is_taken_back(world: World) -> None:
    family = await register(world)
    assert (await contacts(family))["contacts"] == []
    made = await world.post(f"{family.path}/consents", consent(family), role=CO, expect=201)
    other = await world.post(f"{family.path}/consents", consent(family, "father", "publication_of_words"), role=RO)
    answer = await contacts(family)
    assert [each["individual_id"] for each in answer["contacts"]] == [str(family.ids["mother"])]
    assert (answer["contacts"][0]["phone"], answer["contacts"][0]["language"]) == ("+375 29 555 01 77", "ckb")
    assert str(family.ids["father"]) in answer["not_covered"], "another purpose covers nothing here"

    await world.post(f"{family.path}/consents/{made['id']}/withdrawal", role=RE)
    assert (await contacts(family))["contacts"] == []
    listed = {each["id"]: each["status"] for each in (await world.get(f"{family.path}/consents", role=AU))["items"]}
    assert listed == {made["id"]: "withdrawn", other["id"]: "given"}
    assert (await family.statuses())["mother"] == "open", "the return is another matter"


async def test_a_consent_to_another_organisation_gives_reintegration_no_contacts(world: World) -> None:
    family = await register(world)
    path = f"{family.path}/consents"
    for recipient in ("Caritas", "IOM", "IOM Iraq, press", "iom iraq"):
        await world.post(path, consent(family, recipient=recipient), role=CO, expect=201)
    await world.post(path, consent(family, purpose="referral"), role=CO, expect=201)
    answer = await contacts(family)
    assert (answer["contacts"], str(family.ids["mother"]) in answer["not_covered"]) == ([], True)
    await world.post(path, consent(family), role=CO, expect=201)
    assert [each["individual_id"] for each in (await contacts(family))["contacts"]] == [str(family.ids["mother"])]


async def test_reintegration_works_for_each_organisation_that_the_setting_names(tmp_path: Path) -> None:
    async with start(create_app, tmp_path, reintegration_recipients="IOM Lebanon ; Caritas") as world:
        family = await register(world)
        for ref, recipient in (("father", "Caritas"), ("mother", "IOM Iraq"), ("son", "IOM Lebanon")):
            await world.post(f"{family.path}/consents", consent(family, ref, recipient=recipient), role=CO)
        given = [each["individual_id"] for each in (await contacts(family))["contacts"]]
        assert given == [str(family.ids["father"]), str(family.ids["son"])]


async def test_a_consent_is_given_once_and_may_be_given_again_after_it_was_taken_back(world: World) -> None:
    family = await register(world)
    path = f"{family.path}/consents"
    made = await world.post(path, consent(family), role=CO)
    again = await world.post(path, consent(family), role=CO, expect=409)
    assert again["type"].endswith("consent-given-already")
    assert "`form_version`" in again["remedy"], "the field is called so"
    await world.post(path, consent(family, form_version="2021-2"), role=CO)
    await world.post(f"{path}/{made['id']}/withdrawal", role=CO)
    await world.post(f"{path}/{made['id']}/withdrawal", role=CO, expect=409)
    await world.post(path, consent(family), role=CO, expect=201)


async def test_a_consent_is_taken_back_on_a_closed_case_too(world: World) -> None:
    family = await register(world)
    made = await world.post(f"{family.path}/consents", consent(family), role=CO)
    await world.post(f"{family.path}/closure", {"reason": "lost_contact"}, role=RO)
    await world.post(f"{family.path}/consents", consent(family, "father"), role=CO, expect=409)
    await world.post(f"{family.path}/consents/{made['id']}/withdrawal", role=CO)
    assert (await contacts(family))["contacts"] == []


async def test_who_may_be_told_what_is_listed_by_person_purpose_and_recipient_as_it_stands_now(world: World) -> None:
    family = await register(world)
    path = f"{family.path}/consents"
    first = await world.post(path, consent(family), role=CO)
    await world.post(path, consent(family, form_version="2021-2", language="ar"), role=CO, now=world.now + DAY)
    await world.post(path, consent(family, recipient="Caritas"), role=CO)
    gone = await world.post(path, consent(family, "father", "publication_of_words"), role=CO)
    await world.post(f"{path}/{gone['id']}/withdrawal", role=CO)

    async def standing(asked: str = "", **options: Any) -> list[tuple[str, str, str, list[str]]]:
        found = (await world.get(f"{path}/standing{asked}", role=AU, **options))["items"]
        names = {str(family.ids[ref]): ref for ref in family.ids}
        return [
            (names[one["individual_id"]], one["recipient"], one["standing"], [c["language"] for c in one["consents"]])
            for one in found
        ]

    team = "IOM Iraq"
    caritas = ("mother", "Caritas", "given", ["ckb"])
    both, his = ("mother", team, "given", ["ar", "ckb"]), ("father", team, "withdrawn", ["ckb"])
    assert sorted(await standing()) == sorted([caritas, both, his])
    assert await standing("?recipient=Caritas") == [caritas]
    assert await standing("?standing=withdrawn") == await standing("?purpose=publication_of_words") == [his]
    assert await standing(f"?individual_id={family.ids['mother']}&standing=given") == [caritas, both]
    assert await standing("?recipient=caritas") == [], "as the consent names it, and as a referral asks"
    await world.post(f"{path}/{first['id']}/withdrawal", role=CO)
    assert both in await standing(), "the newer version stands by itself"
    await world.get(f"{path}/standing?standing=perhaps", role=AU, expect=422)
    await world.get(f"{path}/standing", role=SV, expect=403)


def test_the_consent_given_last_is_the_first_of_its_use_whatever_its_id_and_of_one_moment_the_higher_id() -> None:
    use = Use(UUID(int=1), "referral", "Caritas")
    given = [(9, 0), (2, 1), (5, 1), (1, 2)]
    agreed = [Agreed(UUID(int=n), use, STORY_TIME + days * DAY, None) for n, days in given]
    [stands] = as_they_stand(agreed)
    assert [each.int for each in stands.consents] == [1, 5, 2, 9]
