"""How a survey is scored. Source: domain.md section 3; the official weights are not public, so what is shipped here is
marked provisional.

A dimension's score is the weighted mean of its answered items, the composite that of all answered items with weights of
its own. Refused and not-applicable answers leave both sides of the fraction. Where less than the scheme's minimum of
the weight is answered there is no score but `insufficient_data`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from shared.problems import Problem

REFUSED: Final = "refused"
NOT_APPLICABLE: Final = "not_applicable"
NO_ANSWER: Final = frozenset({REFUSED, NOT_APPLICABLE})
DIMENSIONS: Final = ("economic", "social", "psychosocial")
COMPOSITE: Final = "composite"
INSUFFICIENT: Final = "insufficient_data"
FOUR_PLACES: Final = Decimal("0.0001")


class AnswersDoNotFit(Problem):
    slug = "answers-do-not-fit"
    status = 422
    title = "The answers do not fit the questions of this scheme"
    remedy = "Each question needs one of its options, or refused, or not_applicable; `errors` names those that do not."


class SchemeNotSound(Problem):
    slug = "scheme-not-sound"
    status = 422
    title = "This scheme cannot score a survey"
    remedy = "Look at `errors`: each names the place and what must be so."


class SchemeVersionExists(Problem):
    slug = "scheme-version-exists"
    status = 409
    title = "That version of this scheme exists and does not change"
    remedy = "Send your scheme as the next version; surveys keep the version they were taken with."


@dataclass(frozen=True, slots=True)
class Question:
    """`options`: score of each option, 0 (worst) to 1 (best), null where the question is not scored."""

    id: str
    dimension: str
    options: Mapping[str, Decimal | None]
    scored: bool
    weight: Decimal
    composite_weight: Decimal


@dataclass(frozen=True, slots=True)
class Band:
    """Scores up to `upper`, itself included or not; null: all that are higher."""

    code: str
    upper: Decimal | None
    upper_included: bool = False


@dataclass(frozen=True, slots=True)
class Scheme:
    scheme: str
    version: int
    provisional: bool
    minimum_share: Decimal
    questions: Sequence[Question]
    bands: Sequence[Band]


@dataclass(frozen=True, slots=True)
class Score:
    """`value` in 0 to 1 with four decimals, null for insufficient data; the share of the weight that was answered."""

    value: Decimal | None
    answered_weight_share: Decimal


@dataclass(frozen=True, slots=True)
class Scores:
    dimensions: Mapping[str, Score]
    composite: Score
    band: str


def score(scheme: Scheme, answers: Mapping[str, str]) -> Scores:
    """The scores of answers that fit the scheme."""
    scored = [question for question in scheme.questions if question.scored]
    dimensions = {
        name: _mean([(q.weight, _points(q, answers)) for q in scored if q.dimension == name], scheme.minimum_share)
        for name in DIMENSIONS
    }
    composite = _mean([(q.composite_weight, _points(q, answers)) for q in scored], scheme.minimum_share)
    return Scores(dimensions, composite, band_of(scheme.bands, composite.value))


def band_of(bands: Iterable[Band], value: Decimal | None) -> str:
    """The band of a composite score, as rounded: what is shown decides."""
    if value is None:
        return INSUFFICIENT
    for band in bands:
        if band.upper is None or value < band.upper or (band.upper_included and value == band.upper):
            return band.code
    return INSUFFICIENT


def _points(question: Question, answers: Mapping[str, str]) -> Decimal | None:
    answer = answers[question.id]
    return None if answer in NO_ANSWER else question.options[answer]


def _mean(items: Sequence[tuple[Decimal, Decimal | None]], minimum_share: Decimal) -> Score:
    whole = sum((weight for weight, _ in items), Decimal(0))
    answered = [(weight, points) for weight, points in items if points is not None]
    weight = sum((each for each, _ in answered), Decimal(0))
    share = _rounded(weight / whole) if whole else Decimal(0)
    if not weight or weight < minimum_share * whole:
        return Score(None, share)
    return Score(_rounded(sum((each * points for each, points in answered), Decimal(0)) / weight), share)


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(FOUR_PLACES, ROUND_HALF_EVEN)


def check_answers(scheme: Scheme, answers: Mapping[str, str]) -> None:
    """Raises `AnswersDoNotFit`, naming questions and never an answer."""
    known = {question.id: question for question in scheme.questions}
    errors = [{"question": name, "message": "is not answered"} for name in known if name not in answers]
    for name, answer in answers.items():
        if name not in known:
            errors.append({"question": name, "message": "is no question of this scheme"})
        elif answer not in known[name].options and answer not in NO_ANSWER:
            errors.append({"question": name, "message": f"takes {', '.join(known[name].options)}"})
    if errors:
        raise AnswersDoNotFit(errors=errors)


def check_scheme(scheme: Scheme) -> None:
    """Raises `SchemeNotSound`."""
    errors = [{"place": place, "message": message} for place, message in _faults(scheme)]
    if errors:
        raise SchemeNotSound(errors=errors)


def _faults(scheme: Scheme) -> Iterable[tuple[str, str]]:
    ids = [question.id for question in scheme.questions]
    for name in sorted({each for each in ids if ids.count(each) > 1}):
        yield f"questions.{name}", "stands twice"
    for question in scheme.questions:
        place = f"questions.{question.id}"
        if NO_ANSWER & set(question.options):
            yield place, "refused and not_applicable are taken everywhere and are no options"
        if question.scored:
            points = list(question.options.values())
            if any(each is None or not 0 <= each <= 1 for each in points):
                yield place, "every option of a scored question needs a score from 0 to 1"
            elif len(set(points)) < 2:
                yield place, "a scored question needs a best and a worst option"
            if question.weight <= 0 or question.composite_weight <= 0:
                yield place, "the weights must be above zero"
    for name in DIMENSIONS:
        if not any(q.scored and q.dimension == name for q in scheme.questions):
            yield f"dimensions.{name}", "needs a scored question"
    if not 0 < scheme.minimum_share <= 1:
        yield "minimum_share", "must lie above 0 and at most at 1"
    uppers = [band.upper for band in scheme.bands]
    if not uppers or uppers[-1] is not None or any(upper is None for upper in uppers[:-1]):
        yield "bands", "the last band, and only it, has no upper end"
    ends = [upper for upper in uppers if upper is not None]
    if ends != sorted(set(ends)):
        yield "bands", "the upper ends must rise"
