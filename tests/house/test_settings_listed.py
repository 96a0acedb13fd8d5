"""The settings are listed in one place, with the defaults they really have."""

import re

from shared.environment import as_markdown, listed
from shared.settings import Settings
from tests.house.source import ROOT


def test_every_setting_is_listed_with_its_default() -> None:
    shown = dict(re.findall(r"^#?HOMEWARD_([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))
    defaults = {
        name.upper(): "" if field.default is None else str(field.default)
        for name, field in Settings.model_fields.items()
    }
    assert shown == defaults


def test_every_setting_is_listed_with_what_it_is_for() -> None:
    text = (ROOT / ".env.example").read_text()
    shown = {
        variable: " ".join(said.replace("\n#", " ").split())
        for said, variable in re.findall(r"((?:^# .*\n)+)#(HOMEWARD_[A-Z_]+)=", text, re.MULTILINE)
    }
    assert [each.variable for each in listed() if not shown[each.variable].startswith("# " + each.about)] == []


def test_the_page_of_settings_is_made_from_the_class() -> None:
    assert (ROOT / "docs" / "settings.md").read_text() == as_markdown(), (
        "homeward settings --markdown > docs/settings.md"
    )
