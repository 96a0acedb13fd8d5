"""A full disk is a clear answer, and nothing half: what was taken is kept, and nobody need start anything again."""

from pathlib import Path

import pytest

from tests.outages.full_disk import LOG, WHICH, run


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.parametrize("which", WHICH)
def test_a_full_disk_loses_nothing_and_says_so(which: str, tmp_path: Path) -> None:
    told = run(tmp_path / "full", which)
    if which == LOG and not told.mounted:
        pytest.skip("no small disk may be mounted here")
    assert told.findings == []
