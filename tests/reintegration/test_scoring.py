"""The survey's arithmetic. Vectors: domain.md section 3, valid for any positive weights."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reintegration.schemes.rules import (
    DIMENSIONS,
    INSUFFICIENT,
    NOT_APPLICABLE,
    REFUSED,
    AnswersDoNotFit,
    Band,
    Question,
    Scheme,
    SchemeNotSound,
    Scores,
    band_of,
    check_answers,
    check_scheme,
    score,
)

POINTS = {"best": Decimal(1), "middle": Decimal("0.5"), "worst": Decimal(0)}
BANDS = (
    Band("high_intensity", Decimal("0.33")),
    Band("medium_intensity", Decimal("0.66"), upper_included=True),
    Band("low_intensity", None),
)


def question(name: str, dimension: str, weight: Decimal, composite: Decimal) -> Question:
    return Question(name, dimension, POINTS, scored=True, weight=weight, composite_weight=composite)


weights = st.decimals("0.01", "9.99", places=2)


@st.composite
def schemes(draw: st.DrawFn) -> Scheme:
    """Three to six questions a dimension, with any positive weights."""
    questions = [
        question(f"{dimension}{n}", dimension, draw(weights), draw(weights))
        for dimension in DIMENSIONS
        for n in range(draw(st.integers(3, 6)))
    ]
    return Scheme("X", 1, True, Decimal("0.6"), questions, BANDS)


def all_alike(scheme: Scheme, answer: str) -> dict[str, str]:
    return {each.id: answer for each in scheme.questions}


def values(scores: Scores) -> set[Decimal | None]:
    return {scores.composite.value, *(each.value for each in scores.dimensions.values())}


@given(schemes(), st.sampled_from(sorted(POINTS.items())))
def test_answers_that_are_all_alike_score_just_that(scheme: Scheme, answer: tuple[str, Decimal]) -> None:
    name, points = answer
    scores = score(scheme, all_alike(scheme, name))
    assert values(scores) == {points}
    assert scores.composite.answered_weight_share == 1


@given(schemes(), st.data())
def test_a_refusal_leaves_an_all_best_survey_at_one(scheme: Scheme, data: st.DataObject) -> None:
    refused = data.draw(st.sampled_from([each.id for each in scheme.questions]))
    silent = data.draw(st.sampled_from([REFUSED, NOT_APPLICABLE]))
    scores = score(scheme, all_alike(scheme, "best") | {refused: silent})
    assert values(scores) <= {Decimal(1), None}
    for each in (scores.composite, *scores.dimensions.values()):
        assert (each.value is None) == (each.answered_weight_share < Decimal("0.6")) or (
            each.answered_weight_share == Decimal("0.6000")
        )


@given(schemes(), st.data())
def test_scores_lie_between_nothing_and_one_and_a_better_answer_never_lowers_them(
    scheme: Scheme, data: st.DataObject
) -> None:
    answers = {each.id: data.draw(st.sampled_from([*POINTS, REFUSED])) for each in scheme.questions}
    before = score(scheme, answers)
    for each in (before.composite, *before.dimensions.values()):
        assert each.value is None or 0 <= each.value <= 1
    better = dict(answers)
    better.update({name: "best" for name, answer in answers.items() if answer in ("middle", "worst")})
    after = score(scheme, better)
    if before.composite.value is not None and after.composite.value is not None:
        assert after.composite.value >= before.composite.value


def small() -> Scheme:
    questions = [question(f"{d}{n}", d, Decimal(n), Decimal(1)) for d in DIMENSIONS for n in (1, 2, 3)]
    return Scheme("X", 1, True, Decimal("0.6"), questions, BANDS)


def test_weights_count_within_a_dimension_and_others_in_the_composite() -> None:
    scheme = small()
    answers = all_alike(scheme, "worst") | {"economic3": "best"}
    scores = score(scheme, answers)
    assert scores.dimensions["economic"].value == Decimal("0.5000")  # 3 of 6
    assert scores.composite.value == Decimal("0.1111")  # 1 of 9
    assert scores.band == "high_intensity"


def test_under_sixty_per_cent_of_the_weight_there_is_no_score() -> None:
    scheme = small()
    half = all_alike(scheme, "best") | {"economic3": REFUSED}  # 3 of 6 answered
    scores = score(scheme, half)
    assert scores.dimensions["economic"].value is None
    assert scores.dimensions["economic"].answered_weight_share == Decimal("0.5000")
    assert scores.composite.value == 1
    silent = score(scheme, all_alike(scheme, NOT_APPLICABLE))
    assert (silent.composite.value, silent.band) == (None, INSUFFICIENT)
    exactly = replace(scheme, minimum_share=Decimal("0.5"))
    assert score(exactly, half).dimensions["economic"].value == 1


@pytest.mark.parametrize(
    ("value", "band"),
    [
        ("0", "high_intensity"),
        ("0.3299", "high_intensity"),
        ("0.33", "medium_intensity"),
        ("0.66", "medium_intensity"),
        ("0.6601", "low_intensity"),
        ("1", "low_intensity"),
    ],
)
def test_the_ends_of_the_bands_belong_where_the_scheme_says(value: str, band: str) -> None:
    assert band_of(BANDS, Decimal(value)) == band


@pytest.mark.parametrize(
    "answers",
    [
        {"economic1": "excellent"},
        {"nonsense": "best"},
        {"economic1": None},
    ],
    ids=["an option it does not have", "a question it does not have", "a question left out"],
)
def test_answers_must_fit_the_scheme(answers: dict[str, str | None]) -> None:
    scheme = small()
    check_answers(scheme, all_alike(scheme, "best"))
    mixed = {name: answer for name, answer in {**all_alike(scheme, "best"), **answers}.items() if answer}
    with pytest.raises(AnswersDoNotFit):
        check_answers(scheme, mixed)


UNSOUND = {
    "a question twice": lambda s: replace(s, questions=[*s.questions, s.questions[0]]),
    "no weight": lambda s: replace(s, questions=[replace(s.questions[0], weight=Decimal(0)), *s.questions[1:]]),
    "no score": lambda s: replace(s, questions=[replace(s.questions[0], options={"a": None}), *s.questions[1:]]),
    "all options alike": lambda s: replace(
        s, questions=[replace(s.questions[0], options={"a": Decimal(1), "b": Decimal(1)}), *s.questions[1:]]
    ),
    "refusal as an option": lambda s: replace(
        s, questions=[replace(s.questions[0], options={**POINTS, REFUSED: Decimal(0)}), *s.questions[1:]]
    ),
    "a dimension without questions": lambda s: replace(
        s, questions=[q for q in s.questions if q.dimension != "social"]
    ),
    "bands that do not rise": lambda s: replace(s, bands=[BANDS[1], BANDS[0], BANDS[2]]),
    "no last band": lambda s: replace(s, bands=BANDS[:2]),
    "a share of nothing": lambda s: replace(s, minimum_share=Decimal(0)),
}


@pytest.mark.parametrize("spoil", UNSOUND.values(), ids=UNSOUND)
def test_a_scheme_that_cannot_score_is_refused(spoil: object) -> None:
    check_scheme(small())
    assert callable(spoil)
    with pytest.raises(SchemeNotSound):
        check_scheme(spoil(small()))
