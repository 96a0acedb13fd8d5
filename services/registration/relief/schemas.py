"""Bodies and answers of relief."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, PlainSerializer, StringConstraints, model_validator

from services.registration.cards.rules import CARD_CODE, Need
from services.registration.relief.rules import OffReason, StockMove, Unit, WayTold
from shared.fields import Amount, Answer, AwareTime, Body, Line, PersonName, refused, shown
from shared.occurrence import LateReason, Occurrence, OnADay
from shared.offers import OfferedAction


def _plain(quantity: Decimal) -> str:
    """`332.2`, whatever it was computed from."""
    return f"{quantity.normalize():f}"


Quantity = Annotated[Amount, Field(ge=0, decimal_places=3)]
QuantityOut = Annotated[Decimal, PlainSerializer(_plain, return_type=str, when_used="json")]
CardCode = Annotated[str, StringConstraints(pattern=CARD_CODE)]
ItemCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$")]


class ItemBody(Body):
    model_config = shown({"code": "blanket", "name": "Blanket, thermal", "unit": "piece"})

    code: ItemCode
    name: Line
    unit: Unit


class ItemAnswer(Answer):
    item_id: UUID
    code: str
    name: str
    unit: Unit


class StockBody(Occurrence):
    """A movement by hand. `paper`: the waybill or report that shows it."""

    model_config = shown({"item": "blanket", "move": "received", "quantity": "600", "paper": "WB-2021-114"})

    item: ItemCode
    move: Literal["received", "moved_in", "moved_out", "lost", "damaged"]
    quantity: Annotated[Quantity, Field(gt=0)]
    paper: Line | None = None


class MovedBody(Body):
    item: ItemCode
    quantity: Annotated[Quantity, Field(gt=0)]


class TransferBody(Occurrence):
    """From one site to another. `paper`: the waybill."""

    model_config = shown(
        {
            "from_site_id": "01890a5d-ac96-774b-bcce-b302099a8301",
            "to_site_id": "01890a5d-ac96-774b-bcce-b302099a8300",
            "items": [{"item": "blanket", "quantity": "200"}],
            "paper": "WB-2021-115",
        }
    )

    from_site_id: UUID
    to_site_id: UUID
    items: Annotated[list[MovedBody], Field(min_length=1, max_length=30)]
    paper: Line | None = None

    @model_validator(mode="after")
    def _each_item_once_and_elsewhere(self) -> Self:
        if len({each.item for each in self.items}) != len(self.items):
            raise refused("items", "items must name each item once")
        if self.from_site_id == self.to_site_id:
            raise refused("to_site_id", "to_site_id must be another site than from_site_id")
        return self


class StockAnswer(Answer):
    item: str
    unit: Unit
    on_hand: QuantityOut


class MovementAnswer(Answer):
    movement_id: UUID
    item: str
    move: StockMove
    quantity: QuantityOut
    distribution_id: UUID | None
    paper: str | None
    occurred_at: datetime
    recorded_by: str


class TransferAnswer(Answer):
    """What went out of one site and came in at the other: two movements an item, under one paper."""

    from_site_id: UUID
    to_site_id: UUID
    moved_out: list[MovementAnswer]
    moved_in: list[MovementAnswer]


class ShareBody(Body):
    """How much of an item a household is given. `planned`: what is to be brought out of the stock."""

    item: ItemCode
    planned: Annotated[Quantity, Field(gt=0)]
    per_household: Quantity = Decimal(0)
    per_person: Quantity = Decimal(0)
    per_child: Quantity = Decimal(0)
    per_infant: Quantity = Decimal(0)
    only_for: Need | None = None


class DistributionBody(OnADay):
    """When, where, what to bring, and what there is. One that has taken place is entered as other late records are:
    with `late_reason`, and after seven days `evidence`."""

    model_config = shown(
        {
            "site_id": "01890a5d-ac96-774b-bcce-b302099a8300",
            "takes_place_at": "2021-12-05T10:00:00+03:00",
            "place": "Hall 2",
            "to_bring": "The relief card",
            "items": [
                {"item": "blanket", "planned": "200", "per_person": "1"},
                {"item": "baby_food", "planned": "40", "per_infant": "2", "only_for": "infant"},
            ],
        }
    )

    site_id: UUID
    takes_place_at: AwareTime
    place: Line
    to_bring: Line
    items: Annotated[list[ShareBody], Field(min_length=1, max_length=30)]

    @model_validator(mode="after")
    def _each_item_once(self) -> Self:
        if len({each.item for each in self.items}) != len(self.items):
            raise refused("items", "items must name each item once")
        return self


class BroughtAnswer(Answer):
    """What became of one item: `taken` is `issued`, `lost`, `damaged`, `back` and `left` together."""

    item: str
    unit: Unit
    planned: QuantityOut
    taken: QuantityOut
    issued: QuantityOut
    lost: QuantityOut
    damaged: QuantityOut
    back: QuantityOut
    left: QuantityOut


class DistributionAnswer(Answer):
    """`adds_up`: it is closed, and of every item nothing is unexplained. `to_be_told`: it is called off, and the people
    at the site were not told yet."""

    distribution_id: UUID
    site_id: UUID
    takes_place_at: datetime
    place: str
    to_bring: str
    late_reason: LateReason | None
    evidence: str | None
    status: str
    items: list[BroughtAnswer]
    receipts: int
    second_attempts: int
    adds_up: bool
    called_off_at: datetime | None
    called_off_because: OffReason | None
    to_be_told: bool
    told_at: datetime | None
    told_way: WayTold | None
    version: int
    actions: list[OfferedAction]


class DistributionLine(Answer):
    id: UUID
    site_id: UUID
    takes_place_at: datetime
    place: str
    status: str
    to_be_told: bool


class CallOffBody(Body):
    model_config = shown({"reason": "goods_not_there"})

    reason: OffReason


class ToldBody(Occurrence):
    model_config = shown({"way": "loudspeaker"})

    way: WayTold


class EntitlementLine(Answer):
    item: str
    unit: Unit
    quantity: QuantityOut


class EntitlementAnswer(Answer):
    """What the household of a card is given, and in which line it stands."""

    card: str
    line: Literal["first", "ordinary"]
    items: list[EntitlementLine]


class CollectionBody(Body):
    """`proxy_reason` and `proxy_name` where somebody of another household collects for them: why, and who."""

    model_config = shown(
        {"card": "K7PX-2M4T"},
        {"card": "K7PX-2M4T", "proxy_reason": "with_small_children", "proxy_name": "Example Person"},
    )

    card: CardCode
    proxy_reason: Literal["ill", "disabled", "with_small_children", "away_for_the_day"] | None = None
    proxy_name: PersonName | None = None

    @model_validator(mode="after")
    def _a_proxy_is_somebody(self) -> Self:
        if (self.proxy_reason is None) != (self.proxy_name is None):
            raise refused("proxy", "proxy_reason and proxy_name must be said together, or both left out")
        return self


class CollectionAnswer(Answer):
    """`issued` false: the household had its receipt, which is shown, and nothing was given again."""

    issued: bool
    receipt_id: UUID
    card: str
    given: list[EntitlementLine]
    given_at: datetime
    collected_by: str


class RefusedAttempt(Answer):
    """Somebody came with a card that had its receipt. `seen_by`: who was at the desk."""

    at: datetime
    seen_by: str


class ReceiptAnswer(Answer):
    """One receipt, and each time its card was shown again and nothing was given. `proxy_name`: who collected for the
    household, for relief officers; null for others."""

    receipt_id: UUID
    card: str
    given: list[EntitlementLine]
    collected_by: str
    proxy_name: str | None
    given_at: datetime
    given_by: str
    refused: list[RefusedAttempt]


class MoreBody(Body):
    """What more is brought out of the stock while it is given out, beyond what was `planned`."""

    model_config = shown({"item": "blanket", "quantity": "20"})

    item: ItemCode
    quantity: Annotated[Quantity, Field(gt=0)]


class SpoiltBody(Body):
    model_config = shown({"item": "blanket", "kind": "damaged", "quantity": "3"})

    item: ItemCode
    kind: Literal["lost", "damaged"]
    quantity: Annotated[Quantity, Field(gt=0)]


class CountedBody(Body):
    """What is left of every item, as counted when it is over; an item that is left out is counted as none."""

    model_config = shown({"left": {"blanket": "17"}})

    left: dict[ItemCode, Quantity] = Field(max_length=30)
