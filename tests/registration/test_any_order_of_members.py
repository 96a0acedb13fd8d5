"""Whoever joins, leaves and rejoins a case, in whatever order, and by whomever it is recorded: the case is told as it
is, no child is left to one of those responsible by the desk's record alone, and a hold of everyone holds everyone."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule
from sqlmodel import select

from services.registration.cases.queries import CaseMember
from services.registration.guardians.models import Guardianship
from services.registration.holds.models import Hold
from shared.auth import Role
from shared.contracts import registration as r
from shared.contracts import travel
from shared.database import new_id
from shared.events import Event
from tests.any_order import in_any_order
from tests.registration.story import CO, PR, RO, Case, family_body, person, register
from tests.registration.test_any_order_of_acts import ADULTS, FAMILY, SELDOM, WILLING, Lifecycle
from tests.registration.test_memberships import newborn

BROTHER = person("brother", "sibling", "Kawa", "1979-01-02", "male")
NIECE = person("niece", "other_relative", "Lana", "2010-03-04", "female")
GROWN = (*ADULTS, "brother")
EVERYONE = (*FAMILY, "brother", "niece")
ANYONE, CHILDREN = st.sampled_from((*EVERYONE, "newcomer")), st.sampled_from(("daughter", "son", "niece", "newcomer"))
WHO = st.sampled_from([RO, CO, PR, PR])
HOW = st.sampled_from(["gone", "another_case", "died", "entered_by_mistake"])
NAMED = st.sets(st.sampled_from(GROWN), max_size=2)
OTHERWISE = st.sampled_from([None, None, None, "child", "other_relative", "not_related", "spouse"])
ORDER = st.tuples(st.integers(0, 1), st.integers(0, 1))
BY = st.sampled_from([(RO, RO), (RO, CO), (PR, RO), (RO, PR)])
AS_A_WHOLE = [each.type for each in (r.CaseRegistered, r.CaseCorrected, r.MemberJoined, r.MemberLeft)]


@dataclass
class Party(Case):
    """A case some of whose people are out of it at times."""

    async def attempts(self) -> dict[str, int]:
        shown = {UUID(each["individual_id"]): each["attempt"] for each in (await self.read())["members"]}
        return {ref: shown.get(one, 1) for ref, one in self.ids.items()}


class Members(Lifecycle):
    """Parents and their two children, an uncle, and a niece of whom nobody in the case is a parent."""

    def __init__(self) -> None:
        super().__init__()
        self.guardians: list[str] = []
        self.owed: dict[str, set[str]] = {}
        """Who signs for each child, as protection last left it, or the desk made it more."""

    @initialize(first=st.sampled_from(["mother", "son", "brother", "niece"]))
    def begin(self, first: str) -> None:
        body = family_body(members=[*family_body()["members"], BROTHER, NIECE])
        made = self.run(register(self.world, body))
        self.case = Party(self.world, made.id, made.ids)
        self.owed = self.responsible()
        self.a_guardian_is_shown("niece", "brother", ends=False)
        self.counsel()
        for ref in EVERYONE:
            self.sign(ref)
        self.somebody_leaves(first, "gone", PR)
        self.somebody_rejoins(first, None, RO, set())
        assert self.here.keys() == set(EVERYONE)

    @property
    def here(self) -> dict[str, Any]:
        refs = {str(one): ref for ref, one in self.family.ids.items()}
        return {refs[each["individual_id"]]: each for each in self.run(self.family.read())["members"]}

    def responsible(self) -> dict[str, set[str]]:
        refs = {str(one): ref for ref, one in self.family.ids.items()}
        children = {ref: each for ref, each in self.here.items() if each["age_band"] != "adult"}
        return {ref: {refs[one] for one in each["responsible"]} for ref, each in children.items()}

    def path_of(self, ref: str) -> str:
        return f"{self.family.path}/members/{self.family.ids.get(ref) or new_id()}"

    def ids_of(self, refs: Any) -> list[str]:
        return [str(self.family.ids[ref]) for ref in sorted(refs) if ref in self.family.ids]

    def change(self, path: str, body: Any, role: Role, *, died: str = "", **options: Any) -> Any:
        """What is recorded of who is in the case. No record of the desk takes a child from one of those responsible
        and leaves it to the others."""
        before = self.responsible()
        made = self.taken(path, body, role=role, **{"etag": self.run(self.family.etag()), **options})
        if made is not None and path.endswith("/members"):
            another = "newcomer" in self.family.ids
            ref = f"another {len(self.family.ids)}" if another else "newcomer"
            self.family.ids[ref] = UUID(made["individual_id"])
        if made is not None:
            for each in self.owed.values():
                each.discard(died)
        for child, now in self.responsible().items():
            if role is not PR and now:
                assert now >= self.owed.get(child, set()), f"{child} is left to {now} by the record of {role}"
            if child not in self.owed or (now != before.get(child) and (role is PR or now)):
                self.owed[child] = now
        return made

    @rule(ref=ANYONE, how=HOW, role=WHO)
    def somebody_leaves(self, ref: str, how: str, role: Role) -> None:
        body: dict[str, Any] = {"how": how}
        if self.here.get(ref, {}).get("relation") == "principal_applicant":
            others = [one for one in GROWN if one != ref and one in self.here]
            body["relations"] = [
                {"individual_id": one, "relation": "principal_applicant"} for one in self.ids_of(others[:1])
            ]
        if self.change(f"{self.path_of(ref)}/leaving", body, role, died=ref if how == "died" else ""):
            event(f"left: {how}")

    @rule(ref=ANYONE, otherwise=OTHERWISE, role=WHO, named=NAMED)
    def somebody_rejoins(self, ref: str, otherwise: str | None, role: Role, named: set[str]) -> None:
        body = {"relation": otherwise or self.relation_of(ref), "responsible": self.ids_of(named)}
        if self.change(f"{self.path_of(ref)}/rejoining", {**body, "seen_alike": self.alike(seen=True)}, role):
            event("rejoined")

    @rule(child=CHILDREN, ref=st.sampled_from(GROWN), order=ORDER, by=BY, another=st.booleans(), ended=SELDOM)
    def a_child_and_an_adult_leave_and_rejoin(
        self, child: str, ref: str, order: tuple[int, int], by: tuple[Role, Role], another: bool, ended: bool
    ) -> None:
        """Whoever is the first to leave or to come back, and whatever protection ends or shows meanwhile."""
        both = (child, ref)
        if another:
            self.a_guardian_is_shown("niece", "mother", ends=False)
        for one in (both[order[0]], both[1 - order[0]]):
            self.somebody_leaves(one, "gone", PR)
        self.what_must_always_be_so()
        if ended:
            for one in self.guardians:
                self.change(f"{self.family.path}/guardians/{one}/end", None, PR, etag=None)
        for one, role in zip((both[order[1]], both[1 - order[1]]), by, strict=True):
            self.somebody_rejoins(one, None, role, set())
            assert not (ended and self.responsible().get("niece")), "what protection ended came back"

    @rule(kind=st.sampled_from(["born", "found", "other"]), role=WHO, named=NAMED, seen=st.booleans())
    def somebody_joins(self, kind: str, role: Role, named: set[str], seen: bool) -> None:
        """A child is born, a man is found, or a boy whose parents are not here comes along. Of who looks like somebody
        of the case, only after that was seen."""
        path = f"{self.family.path}/members"
        if kind == "born":
            body = newborn(self.family, responsible=self.ids_of(named))
        else:
            grown = (
                ("not_related", "Azad", "1990-01-01") if kind == "found" else ("other_relative", "Aram", "2011-01-01")
            )
            body = {**person("", *grown, "male", how=kind), "responsible": self.ids_of(named)}
            del body["ref"]
        if self.change(path, {**body, "seen_alike": self.alike(seen)}, role):
            event(f"joined: {kind}")

    def alike(self, seen: bool) -> list[str]:
        return [str(one) for one in self.family.ids.values()] if seen else []

    @rule(child=CHILDREN, ref=st.sampled_from(GROWN), ends=st.booleans())
    def a_guardian_is_shown(self, child: str, ref: str, ends: bool) -> None:
        body = {"individual_id": str(self.family.ids.get(child, new_id())), "guardian_id": str(self.family.ids[ref])}
        path = f"{self.family.path}/guardians"
        made = self.change(path, {**body, "showing": "court_order", "reference": "G-17"}, PR)
        self.guardians += [made["id"]] if made else []
        if ends and self.guardians:
            self.change(f"{path}/{self.guardians.pop(0)}/end", None, PR, etag=None)

    @rule(child=CHILDREN, named=NAMED, role=st.sampled_from([RO, CO]))
    def responsibility_is_corrected(self, child: str, named: set[str], role: Role) -> None:
        body = {"reason": "told_otherwise", "responsible": self.ids_of(named)}
        self.change(self.path_of(child), body, role, method="PATCH")

    @rule(released=st.booleans())
    def everyone_is_held(self, released: bool) -> None:
        made = self.taken(f"{self.family.path}/holds", {"reason": "safety"}, role=PR)
        if made and released:
            self.somebody_joins("born", RO, set(ADULTS), seen=True)
            self.what_must_always_be_so()
            self.taken(f"{self.family.path}/holds/{made['id']}/release", role=PR)
        else:
            self.holds += [made["id"]] if made else []

    @rule()
    def counsel(self) -> None:
        self.taken(f"{self.family.path}/counselling-sessions", self.family.counselling(*self.here), role=CO)

    @rule(ref=ANYONE)
    def sign(self, ref: str) -> None:
        signers = sorted(self.responsible().get(ref) or {ref if ref in self.family.ids else "father"})
        if ref in self.family.ids:
            self.taken(f"{self.family.path}/declarations", self.family.declaration(ref, *signers), role=CO)

    @rule(ref=st.sampled_from(EVERYONE))
    def withdraw(self, ref: str) -> None:
        """Of who has left the case there is none to take: they signed nothing that stands."""
        body = {"individuals": self.ids_of([ref]), "channel": "phone"}
        is_here = ref in self.here
        status, _ = self.send(f"{self.family.path}/withdrawal", body, role=CO)
        assert status == (200 if is_here else 422), "a withdrawal is always taken"

    def go_and_come_back(self, ref: str) -> None:
        """Not here: who leaves stays out until somebody brings them back."""

    def clear(self, willing: dict[str, str | None]) -> None:
        """Only with what follows."""

    def hear_of_a_departure(self, ref: str, which: int, on_paper: bool) -> None:
        """Only seldom: nobody joins or leaves after it."""

    def hear_of_an_end(self, ref: str, which: int, end: type[Event]) -> None:
        """As of departures."""

    @rule(willing=WILLING, ref=st.sampled_from(FAMILY), departs=SELDOM, joins=st.booleans())
    def the_doors_close(self, willing: dict[str, str | None], ref: str, departs: bool, joins: bool) -> None:
        """Nobody joins while they are closed on somebody. All are taken off again, or one of them departs."""
        super().clear(willing)
        cleared = [one for one, each in self.here.items() if each["status"] == "cleared"]
        if joins:
            known = len(self.family.ids)
            self.somebody_joins("found", RO, set(), seen=True)
            assert not cleared or len(self.family.ids) == known, "joined with the doors closed"
        for one in cleared:
            if departs and one == ref:
                super().hear_of_a_departure(one, 0, on_paper=False)
            else:
                super().hear_of_an_end(one, 0, travel.PassengerOffloaded)

    def relation_of(self, ref: str) -> str:
        """As they were registered, unless another is the principal applicant by now."""
        there = {each["relation"] for each in self.here.values()}
        if ref == "father" and "principal_applicant" in there:
            return "other_relative" if "spouse" in there else "spouse"
        known = {"father": "principal_applicant", "mother": "spouse", "brother": "sibling", "niece": "other_relative"}
        return known.get(ref, "child" if ref in FAMILY else "other_relative")

    async def _check(self, case_id: UUID) -> None:
        await super()._check(case_id)
        async with self.world.runtime.database.reading() as session:
            members = (await session.exec(select(CaseMember).where(CaseMember.case_id == case_id))).all()
            holds = (await session.exec(select(Hold).where(Hold.case_id == case_id))).all()
            papers = (await session.exec(select(Guardianship).where(Guardianship.case_id == case_id))).all()
        here = {each.individual_id: each for each in members if each.left_at is None}
        for each in here.values():
            assert here.keys() >= set(each.responsible), "somebody who has left is responsible"
            assert len(set(each.responsible)) == len(each.responsible)
        told = await self.world.told(key=case_id)
        whole = [each for each in told if each.type in AS_A_WHOLE]
        last = {UUID(each["individual"]): each for each in whole[-1].data["members"]}
        assert last.keys() == here.keys(), "the case is told as it is"
        for one, shown in last.items():
            assert shown["responsible"] == [str(adult) for adult in here[one].responsible], "and who is responsible"
        covered: dict[str, set[str]] = {}
        for fact in told:
            if fact.type == r.CaseHeld.type:
                covered.setdefault(fact.data["hold"], set()).update(fact.data["individuals"])
        for hold in holds:
            assert covered[str(hold.id)] == {str(one) for one in hold.individuals}, "a hold is told of all it covers"
            if hold.everyone and hold.released_at is None:
                assert here.keys() <= set(hold.individuals), "a hold of everyone holds everyone"
        asked = (r.ProtectionPending.type, r.ProtectionCleared.type)
        pending = {fact.subject: fact.type == asked[0] for fact in told if fact.type in asked}
        for one, each in here.items():
            assert pending.get(str(one), False) == each.protection_pending, "whom protection is asked about is told"
        standing = [(each.individual_id, each.guardian_id) for each in papers if each.ended_at is None]
        assert len(set(standing)) == len(standing)


def test_a_party_is_told_as_it_is_whoever_joins_leaves_and_rejoins() -> None:
    in_any_order(Members, examples=2, steps=22)
