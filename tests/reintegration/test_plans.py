"""A plan on its way to approval."""

from typing import Any

from shared.contracts.eligibility import Outcome
from shared.contracts.reintegration import PlanApproved, PlanChanged
from tests.reintegration.refusals import nothing_changes, refused
from tests.reintegration.story import (
    AP,
    RE,
    Family,
    approved,
    at_home,
    drafted,
    etag_of,
    expected,
    hear,
    instalment,
    line_of,
    plan_body,
    submitted,
)
from tests.world import World


async def status_of(world: World, family: Family) -> str:
    return str((await world.get(f"/cases/{family.case}", role=RE))["status"])


async def test_a_plan_is_drafted_while_the_family_is_expected_and_waits_for_the_arrival(world: World) -> None:
    family = await expected(world)
    plan = await drafted(world, family)
    assert (plan["status"], await status_of(world, family)) == ("draft", "expected")
    path = f"/plans/{plan['plan_id']}"
    await refused(world, f"{path}/submission", {}, 409, "not-possible-now", role=RE)
    assert [a["action"] for a in plan["actions"]] == ["revise_plan"]
    await hear(world, family, family.arrived(family.mother))
    assert await status_of(world, family) == "planning"
    handed_in = await world.post(f"{path}/submission", role=RE)
    assert handed_in["status"] == "submitted"
    answer = await world.post(f"{path}/approval", role=AP, subject="approver", etag=etag_of(handed_in))
    assert answer["arrived"] == [str(family.mother)]


async def test_a_plan_is_sent_back_with_a_reason_and_comes_again(world: World) -> None:
    family = await at_home(world)
    plan = await submitted(world, family)
    path = f"/plans/{plan['plan_id']}"
    back = await world.post(f"{path}/return", {"reason": "Say who owns the place"}, role=AP, etag=etag_of(plan))
    assert (back["status"], await status_of(world, family)) == ("sent_back", "sent_back")
    assert back["history"][-1]["comment"] == "Say who owns the place"
    goals = {"goals": ["A restaurant"]}
    answer = await world.call("PATCH", path, goals, role=RE, subject="author", etag=etag_of(back))
    assert answer.status_code == 200, answer.text
    assert answer.json()["goals"] == ["A restaurant"]
    assert answer.json()["lines"] == back["lines"]
    again = await world.post(f"{path}/submission", role=RE, subject="author")
    done = await world.post(f"{path}/approval", role=AP, subject="approver", etag=etag_of(again))
    assert (again["status"], done["status"]) == ("submitted", "approved")
    verbs = ["draft_plan", "submit_plan", "return_plan", "revise_plan", "submit_plan", "approve_plan"]
    assert [step["verb"] for step in done["history"]] == verbs
    (told,) = await world.told(PlanApproved, family.case)
    assert told.data["total"] == "2400.00"
    assert [line["instalments"] for line in told.data["lines"]] == [1, 3]


async def test_nobody_decides_on_a_plan_of_their_own(world: World) -> None:
    family = await at_home(world)
    plan = await drafted(world, family)
    path = f"/plans/{plan['plan_id']}"
    plan = await world.post(f"{path}/submission", role=RE, subject="submitter")
    for subject in ("author", "submitter"):
        for verb, body in (("approval", {}), ("return", {"reason": "Mine"})):
            at = f"{path}/{verb}"
            await refused(world, at, body, 403, "own-plan", role=AP, subject=subject, etag=etag_of(plan))
        assert (await world.get(path, role=AP, subject=subject))["actions"] == []
    other = await world.get(path, role=AP, subject="approver")
    assert [a["action"] for a in other["actions"]] == ["return_plan", "approve_plan"]


async def test_whoever_revised_a_plan_does_not_approve_it(world: World) -> None:
    family = await at_home(world)
    plan = await drafted(world, family)
    path = f"/plans/{plan['plan_id']}"
    goals = {"goals": ["Other"]}
    answer = await world.call("PATCH", path, goals, role=RE, subject="second", etag=etag_of(plan))
    assert answer.status_code == 200
    plan = await world.post(f"{path}/submission", role=RE, subject="author")
    at = f"{path}/approval"
    await refused(world, at, {}, 403, "own-plan", role=AP, subject="second", etag=etag_of(plan))


async def test_who_decides_on_a_plan_names_the_version_they_read(world: World) -> None:
    family = await at_home(world)
    read = await submitted(world, family)
    path = f"/plans/{read['plan_id']}"
    for verb, body in (("approval", {}), ("return", {"reason": "Say who owns the place"})):
        await refused(world, f"{path}/{verb}", body, 428, "precondition-missing", role=AP)
    back = await world.post(f"{path}/return", {"reason": "Say why"}, role=AP, etag=etag_of(read))
    dearer = {"lines": [with_line(1, description="A larger place")["lines"][1]]}
    await world.call("PATCH", path, dearer, role=RE, subject="author", etag=etag_of(back))
    now = await world.post(f"{path}/submission", role=RE, subject="author")
    await refused(world, f"{path}/approval", {}, 412, "stale-version", role=AP, etag=etag_of(read))
    await refused(world, f"{path}/return", {"reason": "No"}, 412, "stale-version", role=AP, etag=etag_of(read))
    assert (await world.post(f"{path}/approval", role=AP, etag=etag_of(now)))["status"] == "approved"


async def test_the_api_page_says_which_decisions_need_the_version(world: World) -> None:
    paths = (await world.get("/openapi.json"))["paths"]
    needing = {
        path.rsplit("/", 1)[-1]
        for path, verbs in paths.items()
        for header in verbs.get("post", {}).get("parameters", ())
        if header["name"] == "If-Match" and header["required"]
    }
    assert needing == {"approval", "return"}


def with_line(number: int, **changes: Any) -> dict[str, Any]:
    body = plan_body()
    body["lines"][number].update(changes)
    return body


WINDOWS = [instalment("450.00", "2022-02-01", "2022-02-28"), instalment("450.00", "2022-01-01", "2022-01-31")]
NOT_CONSISTENT = {
    "the instalments do not add up": with_line(1, amount="800.00"),
    "the windows run backwards": with_line(1, instalments=WINDOWS),
    "a window ends before it begins": with_line(0, instalments=[instalment("1500.00", "2022-02-01", "2022-01-01")]),
    "the currency is another": with_line(1, currency="USD"),
    "the package has no such line": with_line(1, package_line="housing:case"),
    "it was meant for before the return": with_line(1, package_line="pocket_money:case"),
    "goods are taken as cash": with_line(0, modality="cash"),
    "two lines have one code": with_line(1, code="equipment"),
    "nothing is asked for": with_line(1, amount="0", instalments=[instalment("0", "2022-01-01", "2022-01-31")]),
}


async def test_a_plan_that_contradicts_itself_or_the_package_is_refused(world: World) -> None:
    family = await expected(world)
    for body in NOT_CONSISTENT.values():
        document = await refused(world, f"/cases/{family.case}/plans", body, 422, "plan-not-consistent", role=RE)
        assert document["errors"]


async def test_a_plan_stays_within_each_line_of_the_package(world: World) -> None:
    family = await expected(world)
    body = plan_body()
    body["lines"].append({**body["lines"][0], "code": "more", "amount": "0.01"})
    body["lines"][-1]["instalments"] = [instalment("0.01", "2022-01-01", "2022-01-31")]
    document = await refused(world, f"/cases/{family.case}/plans", body, 409, "more-than-package", role=RE)
    assert document["over"] == [{"package_line": "business:case", "gives": "1500.00", "asked": "1500.01"}]


async def test_amounts_have_no_more_decimals_than_their_currency(world: World) -> None:
    family = await expected(world)
    body = with_line(1, amount="900.001")
    await refused(world, f"/cases/{family.case}/plans", body, 422, "invalid-body", role=RE)


async def test_a_case_has_one_plan_at_a_time(world: World) -> None:
    family = await expected(world)
    plan = await drafted(world, family)
    document = await refused(world, f"/cases/{family.case}/plans", plan_body(), 409, "plan-exists", role=RE)
    assert document["plan"] == plan["plan_id"]


async def test_a_plan_needs_a_positive_decision(world: World) -> None:
    family = Family()
    await hear(world, family, family.registered(), family.booked())
    await refused(world, f"/cases/{family.case}/plans", plan_body(), 409, "no-package", role=RE)
    await hear(world, family, family.decided(Outcome.INELIGIBLE))
    await refused(world, f"/cases/{family.case}/plans", plan_body(), 409, "no-package", role=RE)


async def test_an_approval_asks_again_what_the_decision_is_now(world: World) -> None:
    family = await at_home(world)
    plan = await submitted(world, family)
    path = f"/plans/{plan['plan_id']}/approval"
    await hear(world, family, family.decided(Outcome.NEEDS_INFORMATION))
    await refused(world, path, {}, 409, "no-package", role=AP, etag=etag_of(plan))
    await hear(world, family, family.decided(rent="600.00"))
    await refused(world, path, {}, 409, "more-than-package", role=AP, etag=etag_of(plan))
    case = await world.get(f"/cases/{family.case}", role=RE)
    assert [mark["code"] for mark in case["marks"]] == ["decided_again_since_the_plan"]
    await hear(world, family, family.decided())
    assert (await world.post(path, role=AP, etag=etag_of(plan)))["status"] == "approved"


async def test_a_decision_for_an_earlier_try_approves_nothing(world: World) -> None:
    family = Family()
    await hear(world, family, family.registered(), family.decided(attempt=1), family.booked(attempt=2))
    await hear(world, family, family.arrived(family.father, attempt=2))
    plan = await submitted(world, family)
    path = f"/plans/{plan['plan_id']}/approval"
    await refused(world, path, {}, 409, "decision-of-another-try", role=AP, etag=etag_of(plan))
    await hear(world, family, family.decided(attempt=2))
    assert (await world.post(path, role=AP, etag=etag_of(plan)))["status"] == "approved"


async def test_a_change_names_the_version_it_was_made_from(world: World) -> None:
    family = await expected(world)
    plan = await drafted(world, family)
    path = f"/plans/{plan['plan_id']}"
    change = {"goals": ["Other"]}
    await refused(world, path, change, 428, "precondition-missing", role=RE, method="PATCH")
    await refused(world, path, change, 412, "stale-version", role=RE, method="PATCH", etag='"99"')
    answer = await world.call("PATCH", path, change, role=RE, etag=f'"{plan["version"]}"')
    assert answer.headers["etag"] == f'"{plan["version"] + 1}"'
    await refused(world, path, change, 412, "stale-version", role=RE, method="PATCH", etag=f'"{plan["version"]}"')


async def test_an_approved_plan_is_not_revised(world: World) -> None:
    family = await at_home(world)
    plan = await approved(world, family)
    path = f"/plans/{plan['plan_id']}"
    etag = f'"{plan["version"]}"'
    body = {"goals": ["Other"]}
    await refused(world, path, body, 409, "not-possible-now", role=RE, method="PATCH", etag=etag)
    await refused(world, f"{path}/approval", {}, 409, "not-possible-now", role=AP, etag=etag)


async def test_a_repeated_request_drafts_one_plan(world: World) -> None:
    family = await expected(world)
    path, key = f"/cases/{family.case}/plans", "a-key-of-the-client"
    first = await world.call("POST", path, plan_body(), role=RE, key=key)
    async with nothing_changes(world):
        again = await world.call("POST", path, plan_body(), role=RE, key=key)
    assert (first.status_code, first.content) == (again.status_code, again.content) == (201, first.content)
    assert first.headers["location"] == f"/plans/{first.json()['plan_id']}"


async def test_what_is_left_of_a_line_is_released_with_a_reason(world: World) -> None:
    family = await at_home(world)
    plan = await approved(world, family)
    path = f"/plans/{plan['plan_id']}/lines/{line_of(plan, 'rent')}/release"
    body = {"reason": "no_longer_needed"}
    answer = await world.post(path, body, role=RE)
    assert answer["lines"][1]["released_reason"] == "no_longer_needed"
    (told,) = await world.told(PlanChanged, family.case)
    assert told.data["total"] == "1500.00"
    money = (await world.get(f"/cases/{family.case}", role=RE))["money"]
    assert (money["planned"], money["committed"], money["left"]) == ("1500.00", "1500.00", "900.00")
    await refused(world, path, body, 409, "line-released", role=RE)


async def test_a_plan_of_people_who_withdrew_is_cancelled_and_a_later_try_gets_its_own(world: World) -> None:
    family = await expected(world)
    plan = await drafted(world, family)
    await hear(world, family, family.withdrawn())
    assert (await world.get(f"/plans/{plan['plan_id']}", role=RE))["status"] == "cancelled"
    assert await status_of(world, family) == "cancelled"
    await refused(world, f"/cases/{family.case}/plans", plan_body(), 409, "not-possible-now", role=RE)
    await hear(world, family, family.booked(attempt=2, booking=family.flight))
    assert await status_of(world, family) == "expected"
    assert (await drafted(world, family))["plan_id"] != plan["plan_id"]


async def test_a_plan_outlives_a_flight_that_is_cancelled(world: World) -> None:
    family = await expected(world)
    plan = await drafted(world, family)
    await hear(world, family, family.cancelled())
    assert await status_of(world, family) == "cancelled"
    await hear(world, family, family.booked(booking=family.flight))
    assert await status_of(world, family) == "expected"
    assert (await world.get(f"/plans/{plan['plan_id']}", role=RE))["status"] == "draft"
