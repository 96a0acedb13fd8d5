"""State tables: what they refuse to be, and what they say of themselves."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.states import Move, NotPossibleNow, StateTable, move

CASE = StateTable(
    "case",
    ("registered", "declared", "withdrawn", "closed"),
    "registered",
    (
        move("declare", "registered", "withdrawn", to="declared"),
        move("correct", "registered", "declared"),
        move("withdraw", "registered", "declared", to="withdrawn"),
        move("close", "withdrawn", "declared", to="closed"),
    ),
)


def test_a_verb_leads_where_the_table_says() -> None:
    assert CASE.after("registered", "declare") == "declared"
    assert CASE.after("declared", "correct") == "declared"
    assert CASE.after("withdrawn", "declare") == "declared"
    assert CASE.may("declared", "close")
    assert not CASE.may("registered", "close")


def test_what_is_not_possible_names_the_status_and_what_is() -> None:
    with pytest.raises(NotPossibleNow) as refused:
        CASE.after("closed", "withdraw")
    assert refused.value.status == 409
    assert refused.value.members == {"state": "closed", "asked": "withdraw", "possible": []}
    with pytest.raises(NotPossibleNow) as refused:
        CASE.after("registered", "close")
    assert refused.value.members["possible"] == ["declare", "correct", "withdraw"]


def test_the_drawing_shows_every_move_and_the_ends() -> None:
    assert CASE.drawing().splitlines() == [
        "stateDiagram-v2",
        "    [*] --> registered",
        "    registered --> declared: declare",
        "    withdrawn --> declared: declare",
        "    registered --> registered: correct",
        "    declared --> declared: correct",
        "    registered --> withdrawn: withdraw",
        "    declared --> withdrawn: withdraw",
        "    declared --> closed: close",
        "    withdrawn --> closed: close",
        "    closed --> [*]",
    ]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"states": ("a", "b", "b")}, "listed twice"),
        ({"states": ("a", "b", "c")}, "nothing leads to"),
        ({"initial": "z"}, "unknown initial status"),
        ({"moves": (move("go", "a", to="z"),)}, "unknown statuses"),
        ({"moves": (move("go", "z", to="b"),)}, "unknown statuses"),
        ({"moves": (move("go", to="b"),)}, "starts nowhere"),
        ({"moves": (move("go", "a", to="b"), move("go", "a", to="a"))}, "two places"),
        ({"moves": ()}, "nothing leads to"),
    ],
)
def test_a_table_that_contradicts_itself_cannot_be_made(changes: dict[str, Any], sentence: str) -> None:
    whole: dict[str, Any] = {"name": "t", "states": ("a", "b"), "initial": "a", "moves": (move("go", "a", to="b"),)}
    with pytest.raises(ValueError, match=sentence):
        StateTable(**(whole | changes))


def test_one_verb_may_lead_elsewhere_from_elsewhere() -> None:
    table = StateTable("t", ("a", "b"), "a", (move("go", "a", to="b"), move("go", "b", to="a")))
    assert (table.after("a", "go"), table.after("b", "go")) == ("b", "a")
    assert table.final == frozenset()


STATES = ("a", "b", "c", "d")
MOVES = st.lists(
    st.builds(
        Move,
        st.sampled_from(["open", "hold", "close"]),
        st.frozensets(st.sampled_from(STATES), min_size=1),
        st.sampled_from([None, *STATES]),
    ),
    max_size=8,
)


@given(MOVES, st.lists(st.sampled_from(["open", "hold", "close"]), max_size=20))
def test_whatever_is_tried_the_status_stays_one_of_the_table(moves: list[Move], verbs: list[str]) -> None:
    try:
        table = StateTable("t", STATES, "a", tuple(moves))
    except ValueError:
        return
    status = table.initial
    for verb in verbs:
        assert (verb in table.verbs(status)) == table.may(status, verb)
        if table.may(status, verb):
            status = table.after(status, verb)
        else:
            with pytest.raises(NotPossibleNow):
                table.after(status, verb)
        assert status in STATES
        assert (status in table.final) == all(table.after(status, each) == status for each in table.verbs(status))
        assert len(table.verbs(status)) == len(set(table.verbs(status)))


@given(MOVES)
def test_a_table_is_drawn_with_as_many_arrows_as_it_has_steps(moves: list[Move]) -> None:
    try:
        table = StateTable("t", STATES, "a", tuple(moves))
    except ValueError:
        return
    arrows = [line for line in table.drawing().splitlines() if ": " in line]
    assert len(arrows) == len(set(arrows)) == sum(len(table.verbs(status)) for status in STATES)


def test_a_refusal_cannot_say_another_status_than_the_one_it_is_sent_with() -> None:
    with pytest.raises(TypeError, match="status"):
        NotPossibleNow(status="closed")
    assert NotPossibleNow(state="closed").document()["status"] == 409
