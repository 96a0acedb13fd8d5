"""How the races came out: which sides were hit, and how often."""

from collections import Counter
from collections.abc import Iterator

from tests.races.evidence import Evidence
from tests.races.race import Answer, Kind, Race


def tally(race: Race, evidence: Evidence) -> Counter[str]:
    """What became of the moves of this race, and of its people."""
    found = Counter(outcome for answer in race.answers for outcome in _of_move(answer))
    for one, row in evidence.passengers.items():
        member = evidence.members[one]
        if row["status"] == "departed":
            found["departed"] += 1
        elif any(each["released_at"] for each in evidence.clearances[one]):
            found["cleared, then released"] += 1
        elif row["taken_off_for"] == "not_cleared":
            found[f"refused clearance: {row['refused_for']}"] += 1
        else:
            found[f"stayed: {row['taken_off_for'] or row['status']}"] += 1
        if member["status"] == "withdrawn" and any(each["settled_at"] for each in evidence.statements[one]):
            found["late withdrawal that counted after all"] += 1
    return found


def _of_move(answer: Answer) -> Iterator[str]:
    match answer.move.kind:
        case Kind.WITHDRAW_ONE | Kind.WITHDRAW_ALL:
            yield f"withdrawal: {answer.body['outcome'] if answer.taken else answer.problem}"
        case Kind.HOLD_ONE | Kind.HOLD_ALL:
            yield f"hold: {answer.problem or 'placed'}"
        case Kind.OFFLOAD if answer.taken:
            yield f"offload: {'noted while closing' if answer.body['take_off_wanted'] else 'done'}"
        case Kind.OFFLOAD | Kind.NO_AT_THE_DESK:
            yield f"{answer.move.kind}: {answer.problem or 'taken'}"
        case Kind.ASKED_AGAIN:
            yield f"asked again: {answer.move.word if answer.taken else answer.problem}"


PLANNED = {"departed": 60, "asked again: yes": 5, "hold: placed": 15, "withdrawal: withdrawn": 30}
"""How often each outcome must be met in a part at least. These follow from what is planned more than from how quick the
machine is, and their least is far below what is found."""

BOTH_SIDES = {
    "a withdrawal before and after the doors": ("withdrawal: withdrawn", "withdrawal: too_late_to_undo"),
    "an offload before and while the doors close": ("offload: done", "offload: noted while closing"),
    "a no at the desk before and after the doors": ("no_at_the_desk: taken", "no_at_the_desk: doors-closed"),
}
"""What each kind of move must have met on either side of the doors, in each part. Load shifts how often each side is
hit, not whether: moves come from well before the doors until well after them."""

BETWEEN = (
    "cleared, then released",
    "refused clearance: withdrawn",
    "refused clearance: held",
    "hold: departure-already-cleared",
    "late withdrawal that counted after all",
)
"""What only a race between the two services brings about. How often each is hit is a matter of moments, so some of
them must be met in each part, and not all."""
BETWEEN_MET = 2


def one_sided(counts: Counter[str]) -> list[str]:
    """What these races show nothing about, since they met one side of it only."""
    found = [f"not met: {what}" for what, sides in BOTH_SIDES.items() if not all(counts[side] for side in sides)]
    between = [side for side in BETWEEN if counts[side]]
    if len(between) < BETWEEN_MET:
        found.append(f"of what only a race brings about, this alone was met: {between}")
    return found
