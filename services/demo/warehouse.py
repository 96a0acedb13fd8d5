"""Before any journey: they are met, heard and told; they decide, and the programme decides."""

from typing import Any

from services.demo.family import Family, the


def meet_the_family(family: Family) -> None:
    """Registered, screened, counselled in their own language, and asked what may be done with their data."""
    register(family)
    family.do(
        "the family was screened, and nobody was held",
        "registration",
        f"{family.case}/screenings",
        {**family.story["screening"], "individual_id": family.people[family.everyone[0]]},
        role="protection",
        at="screened",
    )
    family.do(
        "the adults were counselled in Kurdish (Sorani), with an interpreter",
        "registration",
        f"{family.case}/counselling-sessions",
        {**family.story["counselling"], "individuals": [family.people[label] for label in family.adults]},
        role="counsellor",
        at="counselled",
    )
    for consent in family.story["consents"]:
        body = {name: value for name, value in consent.items() if name != "of"}
        family.do(
            f"{the(consent['of'])} consented to {consent['purpose'].replace('_', ' ')}",
            "registration",
            f"{family.case}/consents",
            {**body, "individual_id": family.people[consent["of"]]},
            role="counsellor",
            at="consented",
        )


def register(family: Family) -> None:
    body = {**family.story["case"], "site_id": family.ids["site"], "members": family.members}
    made = family.do(
        "the family was registered at the warehouse",
        "registration",
        "/cases",
        body,
        role="registration_officer",
        at="registered",
    )
    family.ids["case"] = made["id"]
    family.people = {each["ref"]: each["individual_id"] for each in made["members"]}


def decide_freely(family: Family) -> None:
    """Each adult signs alone, both sign for each child; then the programme decides on what it is told."""
    for label in family.everyone:
        declare(family, label)
    family.until(
        "the programme looked at the case and asked for what it does not know",
        "eligibility",
        family.case,
        lambda standing: bool(standing["missing"]) or standing["status"] == "eligible",
        role="counsellor",
        at="declared",
    )
    answer_the_programme(family)


def declare(family: Family, label: str, again: str = "", at: str = "declared") -> Any:
    """`again` makes a second declaration another step than the first."""
    member = next(each for each in family.members if each["ref"] == label)
    form = family.story["declaration"]
    signers = member.get("responsible") or [label]
    body = {
        "individual_id": family.people[label],
        "form_version": form["form_version"],
        "language": form["language"],
        "signatures": [_signature(family, signer) for signer in signers],
    }
    who = f"{the(label)} signed" if signers == [label] else f"both parents signed for {the(label)}"
    path = f"{family.case}/declarations"
    return family.do(f"{who}{again}", "registration", path, body, role="counsellor", at=at)


def _signature(family: Family, signer: str) -> dict[str, Any]:
    witness = family.story["declaration"]["thumbprints"].get(signer)
    method = "signature" if witness is None else "thumbprint"
    return {"signer": family.people[signer], "method": method, "witness": witness}


def answer_the_programme(family: Family) -> None:
    standing = family.do(
        "the officer answered what the programme asked",
        "eligibility",
        f"{family.case}/answers",
        {"answers": family.story["answers"]},
        role="registration_officer",
        at="answered",
    )
    family.ids["decision"] = standing["decision"]["decision_id"]
