"""`lgdp precheck`: the JSON for programs, the text for people, and how it ends."""
# ruff: noqa: E501  (texts are asserted whole)

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from lgdp.cli import main
from lgdp.config import locate
from tests.unit.contracts.small_conf import SPEC, query, write_conf

CHILD = "ID,BORN,COLOUR,WEIGHT\n"
VISIT = "ID,SEEN,ALONE,MINUTES,NOTE\n"
PARENT = query(
    "SELECT b.* FROM {batch} b WHERE NOT EXISTS (SELECT 1 FROM child c WHERE c._submission = b._submission AND c.ID = b.ID)",
    "PARENT",
    message="Child {value} is not known.",
    meta_columns=["ID"],
)
LONG = query("SELECT b.* FROM {batch} b WHERE b.MINUTES > 60", "LONG", "warning", message="{column} is {value}.", meta_columns=["MINUTES"])  # fmt: skip


class Ended(NamedTuple):
    """How a command ended: its exit code, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """Standard output as JSON."""
        return json.loads(self.out)  # type: ignore[no-any-return]


Lgdp = Callable[..., Ended]


@pytest.fixture
def conf(tmp_path: Path) -> Path:
    """A configuration folder with the small contract and the platform's own settings."""
    location = write_conf(tmp_path / "project", suites={"visit": [PARENT, LONG]})
    shutil.copy(locate().conf / "platform.yaml", location.conf)
    return location.conf


@pytest.fixture
def lgdp(
    conf: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Lgdp:
    """Runs `lgdp precheck` with the small configuration."""

    def run(*arguments: object, period: str = "2020-21", council: str = "Fife") -> Ended:
        words = ["--return", "care", "--period", period, "--council", council, "--conf", conf]
        monkeypatch.setattr(sys, "argv", ["lgdp", "precheck", *map(str, [*arguments, *words])])
        monkeypatch.setenv("LGDP_CACHE", str(tmp_path / "cache"))
        with pytest.raises(SystemExit) as ended:
            main()
        written = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Ended(ended.value.code, written.out, written.err)

    return run


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    """A folder with two files, two errors, one of them a consequence, and a query."""
    folder = tmp_path / "sent"
    folder.mkdir()
    (folder / "child.csv").write_text(CHILD + "A1,01/02/2010,RED,\nA2,31/02/2010,,\n")
    (folder / "visit.csv").write_text(VISIT + "A1,01/06/2020,Y,90,\nA2,01/06/2020,,,\n")
    (folder / "LICENSE").write_text("do as you like\n")
    (folder / ".hidden.csv").write_text("nothing")
    return folder


def test_the_json_has_exactly_this_shape(lgdp: Lgdp, delivery: Path) -> None:
    ended = lgdp(delivery, "--json")
    assert (ended.code, ended.err) == (0, "")
    assert ended.json == {
        "verdict": "has errors",
        "tables": {
            "child": {"rows": 2, "silver": 1, "quarantine": 1},
            "visit": {"rows": 2, "silver": 1, "quarantine": 1},
        },
        "failures": [
            dict.fromkeys(("table", "row", "key", "column", "value"))
            | {
                "file": "LICENSE",
                "code": "LEFT_ASIDE",
                "severity": "info",
                "message": "The file does not look like data and was left aside.",
                "consequence_of": None,
            },
            {
                "table": "child",
                "file": "child.csv",
                "row": 2,
                "key": "A2",
                "code": "102",
                "severity": "critical",
                "column": "BORN",
                "value": "31/02/2010",
                "message": "'31/02/2010' is not a date written dd/MM/yyyy; write BORN as that.",
                "consequence_of": None,
            },
            {
                "table": "visit",
                "file": "visit.csv",
                "row": 1,
                "key": "A1|01/06/2020",
                "code": "LONG",
                "severity": "warning",
                "column": "MINUTES",
                "value": "90",
                "message": "MINUTES is 90.",
                "consequence_of": None,
            },
            {
                "table": "visit",
                "file": "visit.csv",
                "row": 2,
                "key": "A2|01/06/2020",
                "code": "PARENT",
                "severity": "critical",
                "column": "ID",
                "value": "A2",
                "message": "Child A2 is not known.",
                "consequence_of": "child:2",
            },
        ],
    }
    assert ended.out.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "verdict", "code"),
    [
        (CHILD + "A1,01/02/2010,,\n", "clean", 0),
        (CHILD, "clean", 0),
        (CHILD + "A1,,,\n", "has errors", 0),
        (CHILD + 'A1,"01/02/2010,,\n', "rejected", 1),
        ("", "rejected", 1),
    ],
)
def test_only_a_rejection_ends_with_1(
    text: str, verdict: str, code: int, lgdp: Lgdp, tmp_path: Path
) -> None:
    path = tmp_path / "child.csv"
    path.write_text(text)
    ended = lgdp(path, "--json")
    assert (ended.json["verdict"], ended.code) == (verdict, code)


def test_the_text_counts_and_lists(lgdp: Lgdp, delivery: Path) -> None:
    ended = lgdp(delivery)
    lines = [" ".join(line.split()) for line in ended.out.splitlines()]
    assert (ended.code, ended.err) == (0, "")
    assert lines[0] == "Verdict: has errors (2 to fix, 1 to explain, 1 notes)"
    assert "child 2 1 1" in lines
    assert "must fix PARENT visit 1" in lines
    assert lines[-4:] == [
        "critical 102 child.csv:2 '31/02/2010' is not a date written dd/MM/yyyy; write BORN as that.",
        "critical PARENT visit.csv:2 Child A2 is not known. (because child:2 was kept out)",
        "warning LONG visit.csv:1 MINUTES is 90.",
        "info LEFT_ASIDE LICENSE The file does not look like data and was left aside.",
    ]


def test_c65_values_can_t_move_the_cursor_or_colour_the_screen(lgdp: Lgdp, tmp_path: Path) -> None:
    path = tmp_path / "child [red].csv"
    path.write_text(CHILD + 'A1,01/02/2010,"[bold]\x1b[31m\x07\u202e[/bold]\r",\n')
    ended = lgdp(path)
    assert "\x1b" not in ended.out
    assert (
        "critical CODE_LIST child [red].csv:1  '[bold]\\x1b[31m\\x07\\u202e[/bold]' is not a code"
        in ended.out
    )
    shown = lgdp(path, "--json")
    assert shown.json["failures"][0]["value"] == "[bold]\x1b[31m\x07\u202e[/bold]"
    assert "\x1b" not in shown.out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--return", "cares"], "there is no return 'cares'; known are care"),
        (["--period", "2020"], "'2020' is not a period of this annual return (the text has another form); expected something like '2025-26'"),
        (["--period", "2019-20"], "care has no spec for 2019-20; its first is for 2020-21"),
        (["--council", "Fief"], "'Fief' is not a council that is known; did you mean Fife?"),
        (["--spec", "2019-20"], "care has no spec for 2019-20; its first is for 2020-21"),
    ],
)  # fmt: skip
def test_a_wrong_name_ends_with_2_and_says_what_is_known(
    words: list[str], message: str, lgdp: Lgdp, delivery: Path, conf: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    given = {"--return": "care", "--period": "2020-21", "--council": "Fife", "--conf": str(conf)}
    given |= dict([words])
    spelled = [part for pair in given.items() for part in pair]
    monkeypatch.setattr(sys, "argv", ["lgdp", "precheck", str(delivery), *spelled])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert capsys.readouterr().err == f"lgdp: {message}\n"


def test_files_that_are_not_there_end_with_2(lgdp: Lgdp, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty/.hidden").write_text("x")
    missing = lgdp(tmp_path / "none.csv")
    assert (missing.code, missing.out) == (2, "")
    assert missing.err == f"lgdp: there is no file {tmp_path}/none.csv\n"
    empty = lgdp(tmp_path / "empty")
    assert (empty.code, empty.out) == (2, "")
    assert empty.err == f"lgdp: there is no file in {tmp_path}/empty\n"


def test_a_configuration_with_mistakes_ends_with_2_and_names_them_all(
    lgdp: Lgdp, delivery: Path, conf: Path
) -> None:
    (conf / "returns/care/2020-21.yaml").write_text(SPEC.replace("integer", "number"))
    (conf / "returns/care/return.yaml").write_text("title: x\ncolour: red\n")
    ended = lgdp(delivery)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("lgdp: 1")
    assert "conf/returns/care/return.yaml: colour: is not a key that is known here\n" in ended.err
    assert "conf/returns/care/return.yaml: window: is missing\n" in ended.err


def test_another_year_s_rules_may_be_tried(lgdp: Lgdp, conf: Path, tmp_path: Path) -> None:
    later = "first: 2022-23\ndescription: d\nchanges:\n  - {description: d, table: child, modify: {COLOUR: {required: true}}}\n"
    (conf / "returns/care/2022-23.yaml").write_text(later)
    path = tmp_path / "child.csv"
    path.write_text(CHILD + "A1,01/02/2010,,\nA2,01/02/2010,BLUE,\n")
    assert lgdp(path, "--json").json["failures"] == []
    codes = [row["code"] for row in lgdp(path, "--json", "--spec", "2022-23").json["failures"]]
    # Green has taken the place of blue by then.
    assert codes == ["REQUIRED", "CODE_LIST"]
