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
