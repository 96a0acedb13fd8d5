"""The settings are listed in one place, with the defaults they really have."""

import re

from shared.environment import as_markdown
from shared.settings import Settings
from tests.house.source import ROOT


def test_every_setting_is_listed_with_its_default() -> None:
    listed = dict(re.findall(r"^#?HOMEWARD_([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))
    defaults = {
        name.upper(): "" if field.default is None else str(field.default)
        for name, field in Settings.model_fields.items()
    }
    assert listed == defaults


def test_the_page_of_settings_is_made_from_the_class() -> None:
    assert (ROOT / "docs" / "settings.md").read_text() == as_markdown(), (
        "homeward settings --markdown > docs/settings.md"
    )
