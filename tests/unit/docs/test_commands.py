"""Commands in the documents exist, with the options that they are shown with."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import typer.main

from lgdp.cli.app import with_commands
from tests.unit.docs.documents import DOCUMENTS, Call, calls, name_of, text_of

COMMANDS: dict[str, Any] = vars(typer.main.get_command(with_commands()))["commands"]
TARGETS = set(re.findall(r"^([a-z-]+):.*## ", text_of("Makefile"), re.M))
EVERYWHERE = {"--help", "--version"}


def refused(call: Call) -> str | None:
    """What is wrong with a call of lgdp, null if nothing is."""
    command = next((word for word in call.words if not word.startswith("-")), None)
    if command is None:
        known = EVERYWHERE
    elif command in COMMANDS and hasattr(COMMANDS[command], "commands"):
        # A group: its options are those of the command that is named, or of any.
        parts = COMMANDS[command].commands
        chosen = [parts[call.words[1]]] if call.words[1] in parts else parts.values()
        known = {name for part in chosen for each in part.params for name in each.opts} | EVERYWHERE
    elif command in COMMANDS:
        known = {name for each in COMMANDS[command].params for name in each.opts} | EVERYWHERE
    else:
        return f"there is no command {command}"
    unknown = [option for option in call.options if option not in known]
    return f"{command} has no {unknown[0]}" if unknown else None


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_commands_of_lgdp_exist(path: Path) -> None:
    found = calls(path.read_text(encoding="utf-8"), "lgdp")
    assert [reason for reason in map(refused, found) if reason] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_targets_of_make_exist(path: Path) -> None:
    found = calls(path.read_text(encoding="utf-8"), "make")
    named = {word for call in found for word in call.words if re.fullmatch(r"[a-z-]+", word)}
    assert named - TARGETS == set()


def test_the_readme_names_every_command() -> None:
    assert {call.words[0] for call in calls(text_of("README.md"), "lgdp") if call.words} >= {
        *COMMANDS
    }


def test_a_wrong_call_would_be_found() -> None:
    document = "Run `lgdp prechek x` or `lgdp status --lak x`, then `make demos`.\n"
    reasons = [refused(call) for call in calls(document, "lgdp")]
    assert reasons == ["there is no command prechek", "status has no --lak"]
    assert [call.words for call in calls(document, "make")] == [("demos",)]
