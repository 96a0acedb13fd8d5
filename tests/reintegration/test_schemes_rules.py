"""What makes a scheme sound and an answer fit, as plain functions: each fault is told by its place."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from services.reintegration.schemes.rules import (
    DIMENSIONS,
    AnswersDoNotFit,
    Band,
    Question,
    Scheme,
    SchemeNotSound,
    check_answers,
    check_scheme,
    score,
)

NOTHING, ONE, HALF = Decimal(0), Decimal(1), Decimal("0.5")
YES_NO = {"yes": ONE, "no": NOTHING}
QUESTIONS = tuple(Question(f"q_{name}", name, YES_NO, True, ONE, ONE) for name in DIMENSIONS)
SOUND = Scheme("ours", 1, True, ONE, QUESTIONS, (Band("low", HALF), Band("high", None)))
FIRST = QUESTIONS[0]
HERE = f"questions.{FIRST.id}"


def _with_first(**changes: Any) -> Scheme:
    return replace(SOUND, questions=(replace(FIRST, **changes), *QUESTIONS[1:]))


@pytest.mark.parametrize(
    ("scheme", "places"),
    [
        (SOUND, []),
        (replace(SOUND, questions=(*QUESTIONS, FIRST)), [HERE]),
        (_with_first(options={**YES_NO, "refused": ONE}), [HERE]),
        (_with_first(options={"yes": Decimal("1.1"), "no": NOTHING}), [HERE]),
        (_with_first(options={"yes": ONE, "no": None}), [HERE]),
        (_with_first(options={"yes": ONE, "no": ONE}), [HERE]),
        (_with_first(weight=NOTHING), [HERE]),
        (_with_first(composite_weight=NOTHING), [HERE]),
        (_with_first(scored=False), [f"dimensions.{FIRST.dimension}"]),
        (replace(SOUND, minimum_share=NOTHING), ["minimum_share"]),
        (replace(SOUND, minimum_share=Decimal("1.01")), ["minimum_share"]),
        (replace(SOUND, bands=()), ["bands"]),
        (replace(SOUND, bands=(Band("low", HALF),)), ["bands"]),
        (replace(SOUND, bands=(Band("low", None), Band("high", None))), ["bands"]),
        (replace(SOUND, bands=(Band("a", HALF), Band("b", None), Band("c", None))), ["bands"]),
        (replace(SOUND, bands=(Band("a", HALF), Band("b", HALF), Band("c", None))), ["bands"]),
        (replace(SOUND, bands=(Band("a", HALF), Band("b", NOTHING), Band("c", None))), ["bands"]),
        (replace(SOUND, bands=(Band("a", NOTHING), Band("b", HALF), Band("c", None))), []),
    ],
)
def test_a_scheme_that_is_not_sound_is_told_where(scheme: Scheme, places: list[str]) -> None:
    found: list[dict[str, str]] = []
    try:
        check_scheme(scheme)
    except SchemeNotSound as refusal:
        found = refusal.members["errors"]
    assert [each["place"] for each in found] == places
    assert all(each["message"] for each in found)


def test_answers_that_do_not_fit_are_told_by_their_question_and_never_by_what_was_said() -> None:
    answers = {question.id: "yes" for question in QUESTIONS}
    check_answers(SOUND, answers)
    check_answers(SOUND, {**answers, FIRST.id: "refused"})
    del answers[QUESTIONS[1].id]
    with pytest.raises(AnswersDoNotFit) as refusal:
        check_answers(SOUND, {**answers, FIRST.id: "a secret", "other": "yes"})
    assert refusal.value.members["errors"] == [
        {"question": QUESTIONS[1].id, "message": "is not answered"},
        {"question": FIRST.id, "message": "takes yes, no"},
        {"question": "other", "message": "is no question of this scheme"},
    ]


def test_a_score_counts_from_exactly_the_least_share_that_must_be_answered() -> None:
    second = replace(FIRST, id="second")
    half = replace(SOUND, questions=(*QUESTIONS, second), minimum_share=HALF)
    answers = {**{question.id: "yes" for question in QUESTIONS}, "second": "refused"}
    found = score(half, answers).dimensions[FIRST.dimension]
    assert (found.value, found.answered_weight_share) == (ONE, HALF)
    more = replace(half, minimum_share=Decimal("0.51"))
    assert score(more, answers).dimensions[FIRST.dimension].value is None
    # A dimension that asks nothing has no score, and no share of nothing was answered.
    none = score(replace(SOUND, questions=QUESTIONS[1:]), answers).dimensions[FIRST.dimension]
    assert (none.value, none.answered_weight_share) == (None, NOTHING)
