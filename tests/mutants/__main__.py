"""`make mutants`: changes one thing at a time in the rules, and says which changes no test notices.

    make mutants ONLY="travel.gates travel.doors"    some rules; without ONLY, all of them

What came out of each mutant is kept as it goes, a line of JSON each, in build/mutants; `--resume` goes on with it.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import pytest

from tests.mutants.making import module_of
from tests.mutants.telling import forget_the_living, told
from tests.mutants.trying import Trial

ROOT = Path(__file__).parents[2]
ANSWERS = ROOT / "build" / "mutants"
ASKED_NOTHING = (
    "test_schema",
    "test_permissions",
    "test_failed_once",
    "test_*on_postgres*",
    "test_*any_order*",
    "test_replays",
)
"""Files of tests that are long, and about every route or table alike."""


def main() -> int:
    options = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    options.add_argument("only", nargs="*", help="travel, or travel.gates; these in this order, without any: all")
    options.add_argument(
        "--seconds", type=float, default=2.0, help="of a core: what the tests asked of one mutant take"
    )
    options.add_argument("--tests", help="only these are asked, a file or a folder; without: the tests of the service")
    options.add_argument("--without-calls", action="store_true", help="no argument of a call is left out or made None")
    options.add_argument("--resume", action="store_true", help="keep what is known, and go on")
    options.add_argument("--again", action="store_true", help="go on, and ask those that lived once more")
    said = options.parse_args()
    chosen = _chosen(said.only)
    if len(chosen) > 1:  # a process each: their tests have everything imported
        for service, places in chosen.items():
            nouns = [f"{service}.{place.parent.name}" for place in places]
            subprocess.run([sys.executable, "-m", "tests.mutants", *_flags(said), *nouns], check=True)
        return 0
    [(service, places)] = chosen.items()
    answers = ANSWERS / f"{service}.jsonl"
    answers.parent.mkdir(parents=True, exist_ok=True)
    if not (said.resume or said.again):
        answers.unlink(missing_ok=True)
        answers.with_suffix(".reached").unlink(missing_ok=True)
    if said.again:
        forget_the_living(answers, [module_of(ROOT, place) for place in places])
    code = _tried(said.tests or f"tests/{service}", places, answers, said)
    print(told(answers))
    return code


def _flags(said: argparse.Namespace) -> list[str]:
    kept = [
        flag
        for flag, on in (("--resume", said.resume), ("--again", said.again), ("--without-calls", said.without_calls))
        if on
    ]
    return [*kept, "--seconds", str(said.seconds)]


def _chosen(only: list[str]) -> dict[str, list[Path]]:
    places: dict[str, list[Path]] = defaultdict(list)
    for name in only or ("registration", "travel", "reintegration", "eligibility"):
        service, _, noun = name.partition(".")
        found = sorted((ROOT / "services" / service).glob(f"{noun or '*'}/rules.py"))
        if not found:
            raise SystemExit(f"{name}: no rules there")
        places[service] += [place for place in found if place not in places[service]]
    return places


def _tried(tests: str, places: list[Path], answers: Path, said: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory(prefix="homeward-mutants-", ignore_cleanup_errors=True) as scratch:
        base = Path(scratch) / "pytest"
        os.environ["HOMEWARD_MUTANTS"] = str(base)
        trial = Trial(ROOT, places, answers, said.seconds, not said.without_calls)
        asked = [tests, "-q", "-s", "-p", "no:xdist", "-o", "timeout=0", "-m", "not slow"]
        left_out = [f"--ignore-glob=*/{name}.py" for name in ASKED_NOTHING]
        return int(pytest.main([*asked, *left_out, f"--basetemp={base}"], plugins=[trial]))


if __name__ == "__main__":
    sys.exit(main())
