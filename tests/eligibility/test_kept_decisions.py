"""Decisions of years ago, kept as the bytes that an earlier code wrote: they are derived again, byte for byte."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from services.eligibility.decisions.rules import Record, decide_on
from services.eligibility.programmes.rules import Scope, VersionContent, compile_version

FILES = [json.loads(file.read_text("utf-8")) for file in sorted((Path(__file__).parent / "kept").glob("*.json"))]
KEPT = [(file, name) for file in FILES for name in file["decisions"]]


@pytest.mark.parametrize(("file", "name"), KEPT, ids=[name for _, name in KEPT])
def test_a_decision_of_years_ago_is_given_again_from_its_record(file: dict[str, Any], name: str) -> None:
    written = file["decisions"][name]["record"].encode()
    assert hashlib.sha256(written).hexdigest() == file["decisions"][name]["digest"]
    record = Record.model_validate_json(written)
    version = compile_version(VersionContent.model_validate_json(file["document"]))
    finding = decide_on(Scope.model_validate(file["programme"]), file["number"], version, record.inputs)
    again = Record(programme=record.programme, version=record.version, inputs=record.inputs, finding=finding)
    assert again.written() == written
