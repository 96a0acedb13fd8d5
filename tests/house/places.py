"""What may stand in one place only: commits, the clock, printing; and what may stand nowhere."""

import ast
import re
from pathlib import Path

from tests.house.source import dotted, sources

# A transaction is opened and committed here and nowhere else: one per HTTP write, delivered batch and worker's step.
COMMIT_PLACES = {
    "shared/database.py",
    "shared/web.py",
    "shared/consumer.py",
    "shared/runner.py",
    "shared/relay.py",
    "shared/recovery.py",  # replay and rebuild: a consumer's work, asked for by an operator
    "shared/migrations.py",
    "shared/sqlite.py",  # the driver itself: it carries out what the engine says
}
THE_CLOCK = "shared/clock.py"
PRINTERS = ("services/cli.py", "services/demo")
LONGEST_FILE = 350
_TRANSACTIONS = {"commit", "begin", "begin_nested", "transaction"}
_NOW = ("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns", "func.now")
_CLOCKS = {"machine_now", "monotonic"}
_MONEY = re.compile(r"(^|_)(amount|price|fare|total|ceiling|sum|budget|allowance|fee)s?($|_)")
_SILENCED = re.compile(r"#\s*(type:\s*ignore|noqa|pragma)\b")
_WITH_A_REASON = re.compile(
    r"#\s*(type:\s*ignore\[[\w, -]+\]|noqa:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*)\s*[#:–-]+\s*\w+\W+\w+.*"
)


def commits_elsewhere(root: Path) -> list[str]:
    """No transaction is opened or committed outside COMMIT_PLACES, the brokers and migration environments."""
    return [
        source.at(node, f"{dotted(node.func)}() outside the places of commits")
        for source in sources(root, "services", "shared")
        if source.place not in COMMIT_PLACES and not source.place.startswith("shared/brokers/")
        if source.parts[-1] != "env.py"
        for node in source.nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _TRANSACTIONS
    ]


def savepoints(root: Path) -> list[str]:
    """Nobody rolls back a part of a transaction: what was put off to its end, or went by the driver, is kept apart from
    SQLAlchemy's savepoints and would be written all the same."""
    return [
        source.at(node, "a savepoint: fail as a whole, or look before writing")
        for source in sources(root, "services", "shared")
        for node in source.nodes
        if (isinstance(node, ast.Attribute) and node.attr == "begin_nested")
        or (isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("SAVEPOINT"))
    ]


def clocks_elsewhere(root: Path) -> list[str]:
    """Nobody but shared/clock.py asks what time it is, and no rule asks the clock."""
    found = []
    for source in sources(root, "services", "shared"):
        if source.place == THE_CLOCK:
            continue
        for node in source.nodes:
            if isinstance(node, ast.Attribute) and dotted(node).endswith(_NOW):
                found.append(source.at(node, f"{dotted(node)} outside {THE_CLOCK}"))
            if isinstance(node, ast.ImportFrom) and node.module == "time" and "time" in {n.name for n in node.names}:
                found.append(source.at(node, f"time.time outside {THE_CLOCK}"))
            if source.parts[-1] == "rules.py" and isinstance(node, ast.Name) and node.id in _CLOCKS:
                found.append(source.at(node, f"a rule asks {node.id}(): it is handed what time it is"))
    return found


def money_as_float(root: Path) -> list[str]:
    """No field that holds money is a binary fraction."""
    return [
        source.at(node, f"{node.target.id} is money and must not be a float")
        for source in sources(root, "services", "shared/contracts")
        for node in source.nodes
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and _MONEY.search(node.target.id)
        if any(isinstance(part, ast.Name) and part.id == "float" for part in ast.walk(node.annotation))
    ]


def prints_elsewhere(root: Path) -> list[str]:
    """Only the command line prints; everything else logs."""
    return [
        source.at(node, "print() outside the command line")
        for source in sources(root, "services", "shared")
        if not source.place.startswith(PRINTERS)
        for node in source.nodes
        if isinstance(node, ast.Call) and dotted(node.func) in ("print", "sys.stdout.write")
    ]


def files_that_outgrew_their_room(root: Path) -> list[str]:
    """No file is longer than LONGEST_FILE lines."""
    return [
        f"{source.place} has {len(source.text.splitlines())} lines; is there a second noun in it?"
        for source in sources(root, "services", "shared", "tests")
        if len(source.text.splitlines()) > LONGEST_FILE
    ]


def silenced_without_a_reason(root: Path) -> list[str]:
    """Whoever silences a check names it and says why, beside it."""
    return [
        f"{source.place}:{line} silences a check without a reason: {comment}"
        for source in sources(root, "services", "shared", "tests")
        for line, comment in source.comments()
        if _SILENCED.match(comment) and not _WITH_A_REASON.match(comment)
    ]


def addresses_in_the_lock(root: Path) -> list[str]:
    """The lock works with any package index: it names none."""
    lock = (root / "requirements.lock").read_text(encoding="utf-8")
    return [f"requirements.lock:{n} has an address" for n, line in enumerate(lock.splitlines(), 1) if "://" in line]
