"""Relief, protection, holds, referrals and feedback, in whatever order: no failure, stock and receipts that add up, no
child cleared without each item, and relief that is blind to what anybody decided about the return."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule
from sqlmodel import select

from services.registration.app import create_app
from services.registration.cards.models import ReliefCard
from services.registration.children.rules import POSSIBLE, Item, missing_items
from services.registration.relief.models import DistributedItem, ReliefItem, ReliefReceipt, StockLevel, StockMovement
from services.registration.relief.rules import ADDS, StockMove
from shared.auth import Role
from shared.contracts import registration as r
from shared.database import new_id
from tests.any_order import AnyOrder, in_any_order
from tests.registration.story import CO, PR, RO, Case, register
from tests.registration.test_children_alone import AUNT, boy_alone
from tests.registration.test_consents import consent
from tests.registration.test_sites import WAREHOUSE

RL, FOCAL = Role.RELIEF_OFFICER, Role.PSEA_FOCAL_POINT
CODES = ("bread", "soap")
KINDS = st.sampled_from(CODES)
AMOUNTS = st.sampled_from(["0.001", "0.6", "1", "2.5", "7", "999999999999"])
LATEST = st.integers(0, 2)
PEOPLE = st.sampled_from([0, 0, 2])
HOW_MANY = st.integers(0, 2)
OUT_AND_BACK = (StockMove.HANDED_OUT, StockMove.BROUGHT_BACK)
STEPS = st.sampled_from(["follow-up", "answer", "closure"])


class Ground(AnyOrder):
    """A warehouse, a family with a return case, its neighbours without one, and a boy alone."""

    def __init__(self) -> None:
        super().__init__(create_app)
        self.distributions: list[str] = []
        self.cards: list[str] = []
        self.replaced: list[str] = []
        self.items: list[str] = []
        self.holds: list[str] = []
        self.referrals: list[str] = []
        self.consents: list[str] = []
        self.feedback: list[str] = []

    @initialize()
    def begin(self) -> None:
        self.site, self.hotel = [
            str(self.run(self.world.post("/sites", {**WAREHOUSE, "code": code}, role=RO))["id"])
            for code in ("BLR-BRUZGI", "BLR-HOTEL")
        ]
        for code in CODES:
            self.taken("/relief-items", {"code": code, "name": code, "unit": "kilogram"}, role=RL)
        self.family: Case = self.run(register(self.world))
        self.boy: Case = self.run(boy_alone(self.world))
        household = self.run(self.family.read())["household_id"]
        for more in ({"household_id": household}, {}, {}):
            body = {"site_id": self.site, "adults": 2, "children": 2, **more}
            self.cards.append(self.taken("/relief-cards", body, role=RL)["code"])
        self.stock("bread", "received", "7")
        self.announce("bread", 1, "2.5")
        self.open(0)
        self.close(0, rightly=False)
        self.give(0, 0)

    def latest(self, known: list[str], back: int) -> str:
        return known[-1 - back] if back < len(known) else str(new_id())

    @rule(code=KINDS, move=st.sampled_from(["received", "moved_in", "moved_out", "lost", "damaged"]), quantity=AMOUNTS)
    def stock(self, code: str, move: str, quantity: str) -> None:
        body = {"item": code, "move": move, "quantity": quantity}
        self.taken(f"/sites/{self.site}/stock-movements", body, role=RL)

    @rule(code=KINDS, times=HOW_MANY, planned=AMOUNTS)
    def announce(self, code: str, times: int, planned: str) -> None:
        share = {"item": code, "planned": planned, "per_person": "0.2", "per_infant": "0.1"}
        place = {"takes_place_at": "2022-01-05T10:00:00+03:00", "place": "Hall 2", "to_bring": "The card"}
        made = self.taken("/distributions", {"site_id": self.site, "items": [share] * times, **place}, role=RL)
        self.distributions += [made["distribution_id"]] if made else []

    @rule(which=LATEST)
    def open(self, which: int) -> None:
        self.taken(f"/distributions/{self.latest(self.distributions, which)}/opening", role=RL)

    @rule(which=LATEST)
    def call_off(self, which: int) -> None:
        """What is called off begins no more, and nothing left the stock for it."""
        path = f"/distributions/{self.latest(self.distributions, which)}"
        if self.taken(f"{path}/cancellation", {"reason": "weather"}, role=RL) is None:
            return
        assert self.taken(f"{path}/opening", role=RL) is None
        _, shown = self.send(path, method="GET", role=RL)
        assert {each["taken"] for each in shown["items"]} <= {"0"}, "brought out for nothing"

    @rule(which=LATEST)
    def tell_that_it_is_off(self, which: int) -> None:
        path = f"/distributions/{self.latest(self.distributions, which)}/telling"
        if self.taken(path, {"way": "committee"}, role=RL) is not None:
            assert self.taken(path, {"way": "message"}, role=RL) is None, "told twice"

    @rule(adults=PEOPLE, children=PEOPLE, infants=PEOPLE, needs=st.sampled_from([[], ["infant"] * 2]))
    def issue_card(self, adults: int, children: int, infants: int, needs: list[str]) -> None:
        body = {"site_id": self.site, "adults": adults, "children": children, "infants": infants, "needs": needs}
        made = self.taken("/relief-cards", body, role=RL)
        self.cards += [made["code"]] if made else []

    @rule(which=LATEST, whose=LATEST)
    def give(self, which: int, whose: int) -> None:
        self.collect(which, self.latest([*self.cards, *self.cards[:2]], whose))

    def collect(self, which: int, card: str) -> Any:
        path = f"/distributions/{self.latest(self.distributions, which)}/collections"
        return self.taken(path, {"card": card}, role=RL)

    @rule(whose=LATEST, adults=HOW_MANY, children=HOW_MANY)
    def split(self, whose: int, adults: int, children: int) -> None:
        """The household comes before, and who left comes after."""
        card = self.latest_of_others(whose)
        given = self.collect(0, card)
        leaving = {"leaving": {"adults": adults, "children": children}}
        made = self.taken(f"/relief-cards/{card}/split", leaving, role=RL)
        if made:
            self.cards.append(made["new_card"]["code"])
            again = self.collect(0, self.cards[-1])
            assert not (given and again and again["issued"]), "who split was given it with the household"

    @rule(whose=LATEST)
    def replace(self, whose: int) -> None:
        old = self.latest_of_others(whose)
        made = self.taken(f"/relief-cards/{old}/replacement", {"reason": "lost"}, role=RL)
        if made:
            self.cards[self.cards.index(old)] = made["code"]
            self.replaced.append(old)

    @rule(which=LATEST, back=LATEST)
    def come_with_what_was_replaced(self, which: int, back: int) -> None:
        card = self.latest(self.replaced, back)
        assert self.collect(which, card) is None, "nothing is given on a number that was replaced"

    @rule(whose=LATEST, adults=HOW_MANY)
    def a_household_changes(self, whose: int, adults: int) -> None:
        body = {"adults": adults, "children": 1, "reason": "joined"}
        self.taken(f"/relief-cards/{self.latest_of_others(whose)}/people", body, role=RL)

    @rule(code=KINDS, quantity=AMOUNTS, back=st.booleans())
    def stock_moves_between_sites(self, code: str, quantity: str, back: bool) -> None:
        here, there = (self.hotel, self.site) if back else (self.site, self.hotel)
        body = {"from_site_id": here, "to_site_id": there, "paper": "WB-2"}
        made = self.taken("/stock-transfers", {**body, "items": [{"item": code, "quantity": quantity}]}, role=RL)
        if made:
            out, into = (
                [(each["item"], each["quantity"]) for each in made[side]] for side in ("moved_out", "moved_in")
            )
            assert out == into, "what goes out of one site comes in at the other"

    @rule(reason=st.sampled_from(["came_in", "left_on_their_own", "helped_home"]), people=HOW_MANY)
    def people_come_and_go(self, reason: str, people: int) -> None:
        """And it was wrong: taken back once, and no more."""
        path = f"/sites/{self.site}/register"
        made = self.taken(path, {"reason": reason, "people": people + 1}, role=RO)
        again = [self.send(f"{path}/{made['id']}/reversal", role=RO)[0] for _ in range(2)]
        assert again[1] == 409, "taken back twice"

    def latest_of_others(self, back: int) -> str:
        # The first two are compared byte for byte: they stay as they are.
        return self.latest(self.cards[2:], back)

    @rule(which=LATEST, code=KINDS, kind=st.sampled_from(["lost", "damaged"]), quantity=AMOUNTS)
    def spoil(self, which: int, code: str, kind: str, quantity: str) -> None:
        path = f"/distributions/{self.latest(self.distributions, which)}/spoilt"
        self.taken(path, {"item": code, "kind": kind, "quantity": quantity}, role=RL)

    @rule(which=LATEST, code=KINDS, quantity=AMOUNTS)
    def bring_more(self, which: int, code: str, quantity: str) -> None:
        path = f"/distributions/{self.latest(self.distributions, which)}/additions"
        self.taken(path, {"item": code, "quantity": quantity}, role=RL)

    @rule(which=LATEST, rightly=st.booleans())
    def close(self, which: int, rightly: bool) -> None:
        path = f"/distributions/{self.latest(self.distributions, which)}"
        _, shown = self.send(path, method="GET", role=RL)
        left = {each["item"]: each["left"] for each in shown.get("items", [])}
        left |= {} if rightly else {"soap": "0.001"}
        self.taken(f"{path}/closure", {"left": left}, role=RL)

    @rule(kind=st.sampled_from(Item), good=st.booleans())
    def protect(self, kind: Item, good: bool) -> None:
        body = {"individual_id": str(self.boy.ids["boy"]), "item": kind, "finding": POSSIBLE[kind][0 if good else -1]}
        named = AUNT if kind is Item.RECEPTION else {}
        made = self.taken(f"{self.boy.path}/protection-items", {**body, **named}, role=PR)
        self.items += [made["id"]] if made else []
        self.no_child_is_cleared_without_each_item()

    @rule()
    def protect_with_all(self) -> None:
        for kind in Item:
            self.protect(kind, good=True)
        self.withdraw()

    @rule(which=LATEST)
    def take_back(self, which: int) -> None:
        self.taken(f"{self.boy.path}/protection-items/{self.latest(self.items, which)}/taking-back", role=PR)
        self.no_child_is_cleared_without_each_item()

    @rule()
    def hold(self) -> None:
        made = self.taken(f"{self.family.path}/holds", {"reason": "safety"}, role=PR)
        self.holds += [made["id"]] if made else []
        self.relief_is_the_same_whatever_was_decided_about_the_return()

    @rule(which=LATEST)
    def release(self, which: int) -> None:
        self.taken(f"{self.family.path}/holds/{self.latest(self.holds, which)}/release", role=PR)

    @rule(consented=st.booleans())
    def refer(self, consented: bool) -> None:
        who = {"individual_id": str(self.family.ids["mother"]), "recipient": "UNHCR"}
        if consented:
            given = self.taken(f"{self.family.path}/consents", consent(self.family, purpose="referral", **who), role=CO)
            self.consents += [given["id"]] if given else []
        made = self.taken(f"{self.family.path}/referrals", {**who, "need": "legal_aid"}, role=CO)
        self.referrals += [made["id"]] if made else []

    @rule(which=LATEST)
    def take_a_consent_back(self, which: int) -> None:
        """What rests on it stops: nothing is sent on to who may no longer be told."""
        self.refer(consented=True)
        path = f"{self.family.path}/consents/{self.latest(self.consents, which)}/withdrawal"
        self.taken(path, role=CO)
        standing = self.run(self.world.get(f"{self.family.path}/consents/standing?purpose=referral", role=PR))["items"]
        if all(each["standing"] == "withdrawn" for each in standing):
            living = self.run(self.world.get(f"/referrals?case_id={self.family.id}&limit=200", role=PR))["items"]
            assert not [each for each in living if each["status"] in ("sent", "accepted")], "told without a consent"

    @rule(which=LATEST, answer=st.sampled_from(["accept_referral", "decline_referral", None]))
    def answer(self, which: int, answer: str | None) -> None:
        path = f"/referrals/{self.latest(self.referrals, which)}"
        self.taken(f"{path}/answer" if answer else f"{path}/completion", {"answer": answer} if answer else {}, role=CO)

    @rule(protected=st.booleans(), contact=st.sampled_from([None, "the hall's elder"]), known=st.booleans())
    def complain(self, protected: bool, contact: str | None, known: bool) -> None:
        said = {"category": "exploitation_and_abuse" if protected else "quality", "said": "It was old.", "way": "box"}
        where = {"distribution_id": self.latest(self.distributions, 0 if known else 9), "contact": contact}
        made = self.taken("/feedback", {**said, **where}, role=CO)
        self.feedback += [made["id"]] if made else []

    @rule(which=LATEST, step=STEPS, focal=st.booleans())
    def step(self, which: int, step: str, focal: bool) -> None:
        path = f"/feedback/{self.latest(self.feedback, which)}/{step}"
        self.taken(path, {"note": "Spoken with."}, role=FOCAL if focal else PR)

    @rule()
    def withdraw(self) -> None:
        status, _ = self.send(f"{self.family.path}/withdrawal", {"channel": "phone"}, role=CO)
        assert status == 200, "a withdrawal is always taken"
        self.relief_is_the_same_whatever_was_decided_about_the_return()

    @invariant()
    def stock_and_receipts_add_up(self) -> None:
        levels, moves, given, receipts, cards = self.run(self.ledgers())
        for level in levels:
            of_it = [each for each in moves if (each.site_id, each.item_id) == (level.site_id, level.item_id)]
            signed = [each.quantity if StockMove(each.move) in ADDS else -each.quantity for each in of_it]
            assert level.on_hand == sum(signed) >= 0, "what is there is what came less what went"
        assert {card.code for card in cards}.isdisjoint(self.replaced), "a number that was replaced is no card's"
        for each in given:
            here = [row for row in moves if (row.distribution_id, row.item_id) == (each.distribution_id, each.item_id)]
            out = {move: sum(row.quantity for row in here if row.move == move) for move in OUT_AND_BACK}
            assert tuple(out.values()) == (each.taken, each.back), "the ledger says what was brought out and back"
            parts = each.issued + each.lost + each.damaged + each.back
            assert parts <= each.taken, "never more than was brought out"
            there = [row for row in receipts if row.distribution_id == each.distribution_id]
            assert len({row.card_id for row in there}) == len(there), "one receipt a household"
            code = self.codes[each.item_id]
            assert sum(Decimal(row.given.get(code, "0")) for row in there) == each.issued, "the receipts are the issue"

    async def ledgers(self) -> tuple[Any, Any, Any, Any, Any]:
        async with self.world.runtime.database.reading() as session:
            tables: list[Any] = [StockLevel, StockMovement, DistributedItem, ReliefReceipt, ReliefCard, ReliefItem]
            found = [(await session.exec(select(table))).all() for table in tables]
        self.codes = {item.id: item.code for item in found.pop()}
        made = {(row.distribution_id, row.item_id) for row in found[2]}
        back = {(row.distribution_id, row.item_id) for row in found[1] if row.distribution_id is not None}
        assert back <= made, "nothing comes back that was not brought out"
        return found[0], found[1], found[2], found[3], found[4]

    def no_child_is_cleared_without_each_item(self) -> None:
        told = self.run(self.world.told(key=self.boy.id))
        facts = [each.type for each in told if each.type in (r.ProtectionPending.type, r.ProtectionCleared.type)]
        listed = self.run(self.world.get(f"{self.boy.path}/protection-items?limit=200", role=PR))["items"]
        there = [(each["item"], each["finding"]) for each in listed if each["status"] == "stands"]
        cleared = facts[-1] == r.ProtectionCleared.type
        assert cleared == (missing_items(there) == []), "cleared with each item, and with each alone"

    def relief_is_the_same_whatever_was_decided_about_the_return(self) -> None:
        answers = {self.entitlement(code) for code in self.cards[:2]}
        assert len(answers) == 1, "byte for byte"

    def entitlement(self, code: str) -> bytes:
        path = f"/distributions/{self.distributions[0]}/entitlements/{code}"
        answer = self.run(self.world.call("GET", path, role=RL))
        assert answer.status_code == 200
        return answer.content.replace(code.encode(), b"<card>")


def test_relief_and_protection_are_in_order_in_whatever_order_they_are_acted_on() -> None:
    in_any_order(Ground, examples=4, steps=26)
