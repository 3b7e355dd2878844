"""The reference names every setting, every command and every option, with the defaults that they have."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
import typer

from derelay.cli.app import app
from derelay.cli.settings import Settings

DOCS = Path(__file__).parents[2] / "docs/reference"
COMMANDS = (DOCS / "cli.md").read_text()


def commands():
    group = typer.main.get_command(app)
    for name, command in group.commands.items():
        for verb, sub in getattr(command, "commands", {"": command}).items():
            yield f"{name} {verb}".strip(), sub


def section(name):
    """Return what is said of a command: under its own heading, or under that of its group."""
    parts = re.split(r"^## derelay (.+)$", COMMANDS, flags=re.MULTILINE)
    said = dict(zip(parts[1::2], parts[2::2], strict=True))
    return said.get(name) or said.get(name.split()[0], "")


@pytest.mark.parametrize(("name", "command"), [*commands()])
def test_every_option_of_a_command_is_listed(name, command):
    text = section(name)
    options = [parameter.opts for parameter in command.params if parameter.opts[0].startswith("-")]
    assert text
    assert [each for each in options if not any(re.search(rf"{name}\b", text) for name in each)] == []


def test_every_setting_is_listed_with_its_default():
    listed = dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", (DOCS / "settings.md").read_text(), re.MULTILINE))
    assert list(listed) == [field.name for field in fields(Settings)]
    for field in fields(Settings):
        default = field.default
        if isinstance(default, bool):
            assert listed[field.name] == f"`{str(default).lower()}`"
        elif isinstance(default, int):
            assert listed[field.name] == str(default)
        elif default is not None:
            assert listed[field.name] == f"`{str(default).replace(str(Path.home()), '~')}`"
