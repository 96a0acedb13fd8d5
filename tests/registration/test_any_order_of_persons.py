"""What is recorded about persons in whatever order, beside everything a case goes through: returns and their undoing,
disputed ages, doubts about capacity, guardians, documents, fitness, and a second record of one of them."""

from typing import Any
from uuid import UUID

from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule
from sqlmodel import SQLModel, select

from services.registration.capacity.models import CapacityDoubt
from services.registration.disputes.models import AgeDispute
from services.registration.documents.models import Document
from services.registration.duplicates.models import PeopleLink
from services.registration.returns.models import RecordedReturn
from shared.contracts import registration as r
from shared.database import new_id
from tests.any_order import in_any_order
from tests.registration.story import CO, ME, PASSPORT, PR, RO, Case, family_body, register
from tests.registration.test_any_order_of_acts import ADULTS, ANYONE, FAMILY, Lifecycle
from tests.registration.test_memberships import newborn
from tests.registration.test_papers_and_health import FINDING, check, laissez_passer
from tests.registration.test_same_person_twice import home, man

LATEST = st.integers(0, 2)
GROWN, CHILDREN = st.sampled_from(ADULTS), st.sampled_from(FAMILY[2:])
WHOM = st.sampled_from(["daughter", *ADULTS, "son", None])
ENDS = st.sampled_from([True, False])
"""Of what is recorded here, whether it ends again at once, or stays as it is."""
KINDS = st.sampled_from(["own_government", "on_their_own", "retroactive"])
ABLE = st.sampled_from(["able", "able_with_support", "not_able"])
FIT = st.sampled_from(["fit", "fit_with_support", "not_fit", "waived"])
SHOWINGS = st.sampled_from(["court_order", "birth_certificate", "interview_by_protection"])


class Persons(Lifecycle):
    """The family, whose father is registered a second time, alone, with the same passport."""

    def __init__(self) -> None:
        super().__init__()
        self.again: Case | None = None
        self.likeness = self.born = ""
        self.kept: dict[str, list[str]] = {each: [] for each in ("doubts", "guardians", "documents", "links")}

    @initialize(at_the_doors=st.booleans())
    def begin(self, at_the_doors: bool) -> None:
        self.case = self.run(self.run(register(self.world)).declare())
        self.again = self.run(register(self.world, family_body(members=[man(documents=[PASSPORT])])))
        self.taken("/duplicate-reviews", {}, role=RO)
        self.likeness = self.run(self.world.get("/possible-duplicates", role=RO))["items"][0]["id"]
        if at_the_doors:
            self.clear(dict.fromkeys(FAMILY, "yes"))

    def who(self, ref: str | None) -> dict[str, list[str]]:
        return {} if ref is None else {"individuals": [str(self.family.ids[ref])]}

    def keep(self, kind: str, made: Any) -> None:
        self.kept[kind] += [made["id"]] if made else []

    def one(self, kind: str, back: int) -> str:
        known = self.kept[kind]
        return known[-1 - back] if back < len(known) else str(new_id())

    @rule(ref=ANYONE)
    def sign(self, ref: str) -> None:
        in_doubt = self.run(self._in_doubt())
        signers = {self.family.ids[each] for each in ((ref,) if ref in ADULTS else ADULTS)}
        before = self.run(self._declarations())
        super().sign(ref)
        assert self.run(self._declarations()) == before or not signers & in_doubt, (
            "signed while their capacity is in doubt"
        )

    @rule(ref=WHOM, kind=KINDS)
    def somebody_is_home(self, ref: str | None, kind: str) -> None:
        body = home(kind=kind, returned_on=self.world.now.date().isoformat())
        if self.taken(f"{self.family.path}/returns", {**body, **self.who(ref)}, role=RO):
            event("a return is recorded")

    def nobody_was_home(self, ref: str | None) -> None:
        self.taken(f"{self.family.path}/returns/undoing", {"reason": "misinformed", **self.who(ref)}, role=RO)

    @rule(ref=WHOM, kind=KINDS, says_no=ANYONE)
    def somebody_is_taken_for_home(self, ref: str | None, kind: str, says_no: str) -> None:
        self.somebody_is_home(ref, kind)
        self.withdraw(says_no)
        self.what_must_always_be_so()
        self.nobody_was_home(ref)

    @rule(ref=GROWN, settled=ENDS, basis=st.sampled_from(["document", "age_assessment"]))
    def an_age_is_disputed(self, ref: str, settled: bool, basis: str) -> None:
        path = f"{self.family.path}/members/{self.family.ids[ref]}/age-dispute"
        self.taken(path, role=CO)
        self.what_must_always_be_so()
        if settled:
            self.taken(f"{path}/settlement", {"basis": basis}, role=PR)

    @rule(ref=GROWN, assessed=ENDS, outcome=ABLE)
    def capacity_is_in_doubt(self, ref: str, assessed: bool, outcome: str) -> None:
        path, body = f"{self.family.path}/capacity-doubts", {"individual_id": str(self.family.ids[ref])}
        self.keep("doubts", self.taken(path, body, role=CO))
        self.sign(ref)
        if assessed:
            by_another = {"representative": "Hêmin Barzinjî", "paper": "DC-77"} if outcome == "not_able" else {}
            said = {"profession": "psychologist", "outcome": outcome, **by_another}
            self.taken(f"{path}/{self.one('doubts', 0)}/assessment", said, role=ME)

    @rule(child=CHILDREN, ref=GROWN, showing=SHOWINGS, ends=ENDS, back=LATEST)
    def a_guardian_is_shown(self, child: str, ref: str, showing: str, ends: bool, back: int) -> None:
        ids = {"individual_id": str(self.family.ids[child]), "guardian_id": str(self.family.ids[ref])}
        body = {**ids, "showing": showing, "reference": "G-17"}
        self.keep("guardians", self.taken(f"{self.family.path}/guardians", body, role=PR))
        if ends:
            self.taken(f"{self.family.path}/guardians/{self.one('guardians', back)}/end", role=PR)

    @rule(ref=ANYONE, number=st.integers(1, 2), ends=ENDS, back=LATEST)
    def a_document_is_recorded(self, ref: str, number: int, ends: bool, back: int) -> None:
        path = f"{self.family.path}/documents"
        body = {**laissez_passer(self.family), "individual_id": str(self.family.ids[ref]), "number": f"ETD-{number}"}
        self.keep("documents", self.taken(path, body, role=RO))
        if ends:
            self.taken(f"{path}/{self.one('documents', back)}/invalidation", {"reason": "lost"}, role=RO)

    @rule(ref=ANYONE, outcome=FIT)
    def fitness_is_checked(self, ref: str, outcome: str) -> None:
        support = ["wheelchair"] if outcome == "fit_with_support" else []
        body = check(self.family, individual_id=str(self.family.ids[ref]), outcome=outcome, support=support)
        self.taken(f"{self.family.path}/fitness-checks", body, role=ME)

    @rule(ref=ANYONE, outcome=st.sampled_from(["hold", "no_concern"]))
    def somebody_is_screened(self, ref: str, outcome: str) -> None:
        body = {"individual_id": str(self.family.ids[ref]), "level": "household", "outcome": outcome}
        self.taken(f"{self.family.path}/screenings", body, role=PR)

    @rule(leaves=ENDS)
    def a_child_is_born(self, leaves: bool) -> None:
        """Once; and leaves the case with somebody else, and comes back."""
        path, etag = f"{self.family.path}/members", self.run(self.family.etag())
        if not self.born:
            made = self.taken(path, newborn(self.family), role=RO, etag=etag)
            self.born = made["individual_id"] if made else ""
        for step, body in (("leaving", {"how": "gone"}), ("rejoining", {"relation": "child"})) if leaves else ():
            self.what_must_always_be_so()
            etag = self.run(self.family.etag())
            self.taken(f"{path}/{self.born or new_id()}/{step}", body, role=RO, etag=etag)

    @rule(first=st.booleans(), undone=ENDS)
    def two_records_are_one_person(self, first: bool, undone: bool) -> None:
        """Once only: who was told apart or taken for one is not decided on again."""
        assert self.again is not None
        stands = self.family.ids["father"] if first else self.again.ids["man"]
        body = {"verdict": "same_person", "stands": str(stands)}
        made = self.taken(f"/possible-duplicates/{self.likeness}/decision", body, role=RO)
        self.kept["links"] += [made["link_id"]] if made else []
        self.what_must_always_be_so()
        if undone:
            self.taken(f"/people-links/{self.one('links', 0)}/undoing", role=RO)

    async def _in_doubt(self) -> set[UUID]:
        async with self.world.runtime.database.reading() as session:
            rows = (await session.exec(select(CapacityDoubt))).all()
        return {each.individual_id for each in rows if each.assessed_at is None}

    async def _declarations(self) -> int:
        return len(await self.world.told(r.DeclarationSigned))

    async def _check(self, case_id: UUID) -> None:
        await super()._check(case_id)
        kinds: list[type[SQLModel]] = [RecordedReturn, AgeDispute, Document, PeopleLink]
        async with self.world.runtime.database.reading() as session:
            found: list[Any] = [(await session.exec(select(kind))).all() for kind in kinds]
        returns, disputes, documents, links = found
        members = {each["individual_id"]: each for each in (await self.family.read())["members"]}
        for each in (one for one in returns if one.undone_at is None and str(one.individual_id) in members):
            now = members[str(each.individual_id)]
            assert each.attempt != now["attempt"] or now["status"] in ("departed", "not_admitted"), "home, and not so"
        for each in (one for one in disputes if one.settled_at is None):
            assert members[str(each.individual_id)]["age_band"] != "adult", "whose age is disputed counts as a child"
        for each in (one for one in links if one.undone_at is None and str(one.duplicate_id) in members):
            assert members[str(each.duplicate_id)]["held"], "the second record of somebody may be booked"
        last = {each.subject: each.data["valid"] for each in await self.world.told(r.DocumentRecorded)}
        assert last == {str(each.id): each.valid for each in documents}, "a document is told as it is"
        assert not any(FINDING in str(each.data) for each in await self.world.told(r.FitnessAssessed))


def test_persons_are_in_order_whatever_is_recorded_about_them() -> None:
    in_any_order(Persons, examples=2, steps=25)
