"""The runner itself: what is changed, that the change is met by who imported the rule before, and what is watched."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from services.registration.holds.rules import HoldOverAlready, check_until
from tests.mutants.making import Mutant, mutants_of
from tests.mutants.swapping import function_named, functions_of, statements_of, swap
from tests.mutants.telling import KILLED, LIVED, NOT_REACHED, forget_the_living, kept

ROOT = Path(__file__).parents[2]
HOLDS = ROOT / "services" / "registration" / "holds" / "rules.py"
TODAY = date(2021, 12, 9)


@pytest.fixture
def bound() -> Iterator[Mutant]:
    """A hold that ends today is refused. The rule is as it was afterwards."""
    [mutant] = [
        each
        for each in mutants_of(ROOT, HOLDS)
        if (each.was + each.becomes).count("today") == 2 and "<=" in each.becomes
    ]
    function = function_named(mutant.module, mutant.function)
    code = function.__code__
    yield mutant
    function.__code__ = code


def test_a_change_to_a_rule_is_met_by_who_imported_the_rule_before(bound: Mutant) -> None:
    check_until(TODAY, TODAY)
    assert swap(bound)
    with pytest.raises(HoldOverAlready):
        check_until(TODAY, TODAY)


def test_every_mutant_stands_on_a_statement_of_its_function_and_changes_it() -> None:
    made = list(mutants_of(ROOT, HOLDS))
    begins, functions = statements_of(HOLDS), functions_of(HOLDS)
    assert {each.function for each in made} == {"check_until", "check_can_be_held"}
    for each in made:
        assert functions[begins[each.line]] == each.function
        assert each.was != each.becomes
        assert each.becomes in each.source


def test_no_mutant_is_about_words_that_people_read() -> None:
    made = [each for place in ROOT.glob("services/travel/doors/rules.py") for each in mutants_of(ROOT, place)]
    assert made
    assert not [each for each in made if each.was.startswith('"') and " " in each.was]


def test_who_asks_the_living_of_one_rule_again_keeps_what_is_known_of_the_others(tmp_path: Path) -> None:
    answers = tmp_path / "registration.jsonl"
    states = [("holds", KILLED), ("holds", LIVED), ("holds", NOT_REACHED), ("cards", LIVED), ("cards", KILLED)]
    answers.write_text("".join(json.dumps({"module": name, "state": state}) + "\n" for name, state in states))
    forget_the_living(answers, ["holds"])
    assert [(one["module"], one["state"]) for one in kept(answers)] == [states[0], *states[3:]]


def _run_over_holds(tests: Path, answers: Path) -> int:
    """The code with which a run ends that asks the tests of a folder about the rules of holds."""
    run = (
        "import pytest; from pathlib import Path; from tests.mutants.trying import Trial; "
        f"trial = Trial(Path({str(ROOT)!r}), [Path({str(HOLDS)!r})], Path({str(answers)!r}), 1.0); "
        f"raise SystemExit(pytest.main([{str(tests)!r}, '-qs', '-c', {os.devnull!r}], plugins=[trial]))"
    )
    surroundings = os.environ | {"HOMEWARD_MUTANTS": str(tests / "base"), "PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, "-c", run], env=surroundings, cwd=tests, check=False).returncode


def test_where_a_file_of_tests_cannot_be_read_no_mutant_is_told_as_living(tmp_path: Path) -> None:
    (tmp_path / "test_not_read.py").write_text("import nothing_of_that_name\n")
    answers = tmp_path / "registration.jsonl"
    assert _run_over_holds(tmp_path, answers) == pytest.ExitCode.INTERRUPTED
    assert not answers.exists()


def test_a_test_that_was_changed_is_asked_again_about_what_it_reaches_now(tmp_path: Path) -> None:
    held, answers = tmp_path / "test_held.py", tmp_path / "registration.jsonl"
    held.write_text("def test_held(): pass\n")
    assert _run_over_holds(tmp_path, answers) == pytest.ExitCode.OK
    assert {one["state"] for one in kept(answers)} == {NOT_REACHED}
    held.write_text(
        "from datetime import date\n"
        "from services.registration.holds.rules import check_until\n"
        "def test_held(): check_until(date(2021, 12, 9), date(2021, 12, 9))\n"
    )
    forget_the_living(answers, ["services.registration.holds.rules"])
    assert _run_over_holds(tmp_path, answers) == pytest.ExitCode.OK
    assert KILLED in {one["state"] for one in kept(answers) if one["function"] == "check_until"}
