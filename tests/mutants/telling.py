"""What a run found: a line for each `rules.py`, and each change that no test noticed."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection
from pathlib import Path
from typing import Any

KILLED, LIVED, ENDED, NOT_REACHED, NOT_MADE = "killed", "lived", "ended by its time", "not reached", "not made"


def kept(answers: Path) -> list[dict[str, Any]]:
    """Every answer so far."""
    return [json.loads(line) for line in answers.read_text().splitlines()] if answers.exists() else []


def forget_the_living(answers: Path, modules: Collection[str]) -> None:
    """So that those of `modules` are asked again; what is known of others stays, since nobody asks them now."""
    remembered = [
        one for one in kept(answers) if one["module"] not in modules or one["state"] not in (LIVED, NOT_REACHED)
    ]
    answers.write_text("".join(json.dumps(one) + "\n" for one in remembered))


def told(answers: Path) -> str:
    """In words."""
    by_rules: dict[str, Counter[str]] = defaultdict(Counter)
    living = []
    for one in kept(answers):
        rules = ".".join(one["module"].split(".")[1:3])
        by_rules[rules][one["state"]] += 1
        if one["state"] in (LIVED, NOT_REACHED):
            change = " ".join(f"{one['was']} -> {one['becomes']}".split())
            asked = f"{one['asked']} of {one['able']} asked"
            living.append(f"{rules} line {one['line']}, {one['name']} {one['state']} ({asked}): {change}")
    table = [
        f"{rules}: {counted.total()} ({', '.join(f'{n} {s}' for s, n in counted.items())})"
        for rules, counted in by_rules.items()
    ]
    return "\n".join([*table, *living])
