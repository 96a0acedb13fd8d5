"""The families that race."""

from dataclasses import dataclass
from uuid import UUID

ADULTS = ("father", "mother")


@dataclass(frozen=True, slots=True)
class Shape:
    """`members`: each label with those who are responsible for them, nobody for an adult."""

    name: str
    members: dict[str, tuple[str, ...]]


SHAPES = (
    Shape("a couple with two children", {"father": (), "mother": (), "daughter": ADULTS, "son": ADULTS}),
    Shape("a couple with one child", {"father": (), "mother": (), "son": ADULTS}),
    Shape("a couple with a child of hers", {"father": (), "mother": (), "son": ("mother",)}),
    Shape("a mother with her son", {"mother": (), "son": ("mother",)}),
    Shape("a man alone", {"father": ()}),
    Shape("a couple", {"father": (), "mother": ()}),
)
BORN = {"father": "1984-02-29", "mother": "1988-07-04", "daughter": "2012-05-17", "son": "2015-11-30"}


@dataclass(frozen=True, slots=True)
class Household:
    """A family on board: its ids by label, and who is responsible for whom."""

    shape: Shape
    case: UUID
    flight: UUID
    people: dict[str, UUID]

    @property
    def adults(self) -> list[UUID]:
        return [one for label, one in self.people.items() if label in ADULTS]

    def responsible(self, one: UUID) -> list[UUID]:
        label = next(label for label, known in self.people.items() if known == one)
        return [self.people[each] for each in self.shape.members[label]]
