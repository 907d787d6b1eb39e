"""Pulling from councils' addresses: what is new becomes a submission, once."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from lgdp.cli import main
from lgdp.config import load_settings, locate
from lgdp.contracts.catalogue import Catalogue, load_catalogue
from lgdp.contracts.source import load_sources
from lgdp.errors import ConfigurationError, UsageError
from lgdp.lake.query import query
from lgdp.lake.sightings import Sightings
from lgdp.ledger.state import State
from lgdp.pipeline.platform import Platform, open_platform
from lgdp.pipeline.pulling import Pulled, pull
from tests.small_return import FIFE, Delivery, write_conf
from tests.unit.pipeline.desk import IN_TIME
from tests.unit.pipeline.web import Web, serving, text, unless_known

TABLES = ("child", "episode", "placement", "legal_reason")
FIRST, SECOND = Delivery(), Delivery(starts={"A1": "2023-10-01"})


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_conf(tmp_path_factory.mktemp("project"))
    path = folder / "conf" / "returns" / "looked_after" / "return.yaml"
    content = yaml.safe_load(path.read_text())
    content["formats"] = ["csv", "json"]
    path.write_text(yaml.safe_dump(content))
    return folder / "conf"


@pytest.fixture(scope="module")
def catalogue(project: Path) -> Catalogue:
    return load_catalogue(locate(project))


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as started:
        yield started


class Puller:
    """A platform that may ask one server, and the source there."""

    def __init__(self, web: Web, folder: Path, project: Path, catalogue: Catalogue) -> None:
        self.web, self.folder, self.conf = web, folder, project
        settings = load_settings(project / "platform.yaml")
        hosts: dict[str, tuple[str, ...]] = {web.host: ("http", "private")}
        limits = settings.pull.model_copy(update={"hosts": hosts, "attempts": 1})
        self.platform: Platform = open_platform(
            locate(project),
            settings.model_copy(update={"pull": limits}),
            catalogue,
            str(folder / "lake"),
            lambda: IN_TIME,
        )
        self.source: dict[str, Any] = {
            "name": "fife",
            "return": "looked_after",
            "council": "Fife",
            "url": [web.url(f"/{{period}}/{table}.csv?key=1") for table in TABLES],
            "format": "csv",
        }

    def publish(self, delivery: Delivery) -> None:
        """Let the council's server have a delivery."""
        folder = delivery.write(self.folder / f"sent{len(list(self.folder.iterdir()))}")
        for table in TABLES:
            body = (folder / f"{table}.csv").read_bytes()
            tag = f'"{hash(body)}"'
            self.web.answers[f"/{delivery.period}/{table}.csv?key=1"] = unless_known(body, tag)

    def pull(self, period: str | None = None) -> Pulled:
        (self.folder / "sources.yaml").write_text(yaml.safe_dump({"sources": [self.source]}))
        sources = load_sources(self.folder, self.platform.catalogue)
        self.web.asked.clear()
        (pulled,) = pull(self.platform, list(sources.values()), period)
        return pulled

    def states(self) -> list[State]:
        return [each.state for each in self.platform.ledger.state().standings.values()]


@pytest.fixture
def puller(web: Web, tmp_path: Path, project: Path, catalogue: Catalogue) -> Puller:
    return Puller(web, tmp_path, project, catalogue)


def test_what_is_new_is_landed_and_checked(puller: Puller) -> None:
    puller.publish(FIRST)
    pulled = puller.pull()
    assert (pulled.source, pulled.period, pulled.is_new) == ("fife", "2023-24", True)
    standing = pulled.standing
    assert standing is not None
    assert (standing.council, standing.state, standing.verdict) == (FIFE, State.CHECKED, "clean")
    assert standing.rows == 8
    events = query(
        puller.platform.door,
        "select actor, detail from control.events where event = 'received'",
        puller.platform.ledger.current(),
    ).to_pylist()
    addresses = " ".join(puller.web.url(f"/2023-24/{table}.csv") for table in TABLES)
    assert [(each["actor"], json.loads(each["detail"])["origin"]) for each in events] == [
        ("pull", f"fife {addresses}")
    ]


def test_what_has_not_changed_is_nothing_new(puller: Puller) -> None:
    puller.publish(FIRST)
    first = puller.pull()
    again = puller.pull()
    assert (again.is_new, again.failure) == (False, None)
    assert again.standing is not None
    assert first.standing is not None
    assert again.standing.submission == first.standing.submission
    assert again.standing.duplicates == 0
    assert all("if-none-match" in headers for _, headers in puller.web.asked)
    assert puller.states() == [State.CHECKED]


def test_the_same_content_without_conditions_is_nothing_new(puller: Puller) -> None:
    folder = FIRST.write(puller.folder / "sent")
    for table in TABLES:
        body = (folder / f"{table}.csv").read_bytes()
        puller.web.answers[f"/2023-24/{table}.csv?key=1"] = text(body)
    assert puller.pull().is_new
    again = puller.pull()
    assert (again.is_new, again.failure, len(puller.web.asked)) == (False, None, 4)
    assert puller.states() == [State.CHECKED]


def test_of_several_files_those_that_changed_are_fetched(puller: Puller) -> None:
    puller.publish(FIRST)
    puller.pull()
    puller.publish(SECOND)
    pulled = puller.pull()
    assert pulled.is_new
    assert pulled.standing is not None
    assert pulled.standing.rows == 8
    assert puller.states() == [State.CHECKED, State.CHECKED]
    seen = Sightings(puller.platform.door).below("fife ")
    assert len(seen) == 4
    assert not [place for place in seen if "key=1" in place]


def test_what_came_another_way_is_nothing_new(puller: Puller) -> None:
    puller.publish(FIRST)
    puller.pull()
    puller.source["name"] = "another"
    assert not puller.pull().is_new
    assert [headers.get("if-none-match") for _, headers in puller.web.asked] == [None] * 4


def test_a_period_has_its_own_addresses_and_memory(puller: Puller) -> None:
    puller.publish(FIRST)
    puller.pull()
    pulled = puller.pull("2024-25")
    assert pulled.period == "2024-25"
    assert pulled.failure == (f"{puller.web.url('/2024-25/child.csv')} answered 404 Not Found")
    assert puller.states() == [State.CHECKED]


def test_a_page_instead_of_data_is_not_taken(puller: Puller) -> None:
    puller.publish(FIRST)
    puller.web.answers["/2023-24/episode.csv?key=1"] = text(b"<html>Please log in</html>")
    pulled = puller.pull()
    assert pulled.failure == f"{puller.web.url('/2023-24/episode.csv')} gave xml, not csv"
    assert puller.states() == []
    puller.publish(FIRST)
    assert puller.pull().is_new


def test_an_empty_answer_is_not_taken(puller: Puller) -> None:
    puller.publish(FIRST)
    puller.web.answers["/2023-24/child.csv?key=1"] = text(b"")
    assert puller.pull().failure == f"{puller.web.url('/2023-24/child.csv')} gave empty, not csv"


def test_json_is_taken(puller: Puller) -> None:
    head, *lines = (FIRST.write(puller.folder / "sent") / "child.csv").read_text().splitlines()
    names = head.split(",")
    rows = [dict(zip(names, line.split(","), strict=True)) for line in lines]
    puller.web.answers["/child"] = text(json.dumps(rows).encode())
    puller.source |= {"url": puller.web.url("/child"), "format": "json"}
    pulled = puller.pull()
    assert (pulled.failure, pulled.is_new) == (None, True)
    assert pulled.standing is not None
    assert (pulled.standing.rows, pulled.standing.verdict) == (2, "clean")
    files = query(
        puller.platform.door,
        "select name, media_type from control.files",
        puller.platform.ledger.current(),
    )
    assert files.to_pylist() == [{"name": "child.json", "media_type": "json"}]


def test_a_header_comes_from_the_environment_and_goes_nowhere_else(
    puller: Puller, monkeypatch: pytest.MonkeyPatch
) -> None:
    puller.publish(FIRST)
    puller.source["authorisation"] = {
        "header": "Authorization",
        "variable": "FIFE_TOKEN",
        "prefix": "Bearer ",
    }
    with pytest.raises(
        UsageError,
        match=r"^the source fife needs the environment variable FIFE_TOKEN, which is not set$",
    ):
        puller.pull()
    monkeypatch.setenv("FIFE_TOKEN", "s3cr3t-token")
    assert puller.pull().is_new
    assert {headers["authorization"] for _, headers in puller.web.asked} == {"Bearer s3cr3t-token"}
    kept = [path for path in (puller.folder / "lake").rglob("*") if path.is_file()]
    assert len(kept) > 10
    assert not [path for path in kept if b"s3cr3t-token" in path.read_bytes()]


def test_one_source_that_fails_does_not_stop_the_next(puller: Puller) -> None:
    puller.publish(FIRST)
    broken = {**puller.source, "name": "broken", "url": puller.web.url("/none")}
    path = puller.folder / "sources.yaml"
    path.write_text(yaml.safe_dump({"sources": [broken, puller.source]}))
    sources = load_sources(puller.folder, puller.platform.catalogue)
    told: list[Pulled] = []
    report = pull(puller.platform, sources.values(), None, told.append)
    assert told == report
    assert [each.failure is None for each in report] == [False, True]
    assert puller.states() == [State.CHECKED]


def test_nothing_is_asked_if_one_host_may_not_be(puller: Puller) -> None:
    puller.publish(FIRST)
    stranger = {**puller.source, "name": "stranger", "url": "https://stranger.example/x"}
    path = puller.folder / "sources.yaml"
    path.write_text(yaml.safe_dump({"sources": [puller.source, stranger]}))
    sources = load_sources(puller.folder, puller.platform.catalogue)
    with pytest.raises(UsageError, match=r"^stranger\.example may not be asked: it is not among"):
        pull(puller.platform, sources.values(), None)
    assert puller.web.asked == []


def test_what_was_not_remembered_is_fetched_again_and_nothing_new(puller: Puller) -> None:
    puller.publish(FIRST)
    puller.pull()
    # As if the process had died before it remembered what it saw.
    door = puller.platform.door
    for entry in door.list("control/sightings", recursive=True):
        if not entry.folder:
            door.delete(entry.path)
    again = puller.pull()
    assert (again.is_new, again.failure, len(puller.web.asked)) == (False, None, 4)
    assert again.standing is not None
    assert again.standing.duplicates == 0
    assert puller.states() == [State.CHECKED]


@pytest.mark.parametrize(
    ("source", "problems"),
    [
        (
            {"name": "Fife Council", "url": "https://u:p@x.example/", "format": "pdf"},
            [
                "sources.yaml: sources.0.council: is missing",
                "sources.yaml: sources.0.format: Input should be 'csv' or 'json'",
                "sources.yaml: sources.0.name: String should match pattern '^[a-z][a-z0-9_-]*$'",
                "sources.yaml: sources.0.return: is missing",
                "sources.yaml: sources.0.url: x.example/ holds credentials; name an environment "
                "variable in 'authorisation' instead",
            ],
        ),
        (
            {"return": "cares", "council": "Narnia", "url": "https://x.example/{period}"},
            [
                "sources.yaml: fife.council: 'Narnia' is not a council that is known; see "
                "conf/councils.csv",
                "sources.yaml: fife.return: there is no return 'cares'; known are looked_after",
            ],
        ),
        (
            {"url": ["https://x.example/{year}"]},
            [
                "sources.yaml: sources.0.url: https://x.example/{year} may hold {period} after the "
                "host, and no other braces"
            ],
        ),
        (
            {"url": ["ftp://x.example/"], "key": 1},
            [
                "sources.yaml: sources.0.key: is not a key that is known here",
                "sources.yaml: sources.0.url: ftp://x.example/ is not an address: expected "
                "https://host/path",
            ],
        ),
    ],
)
def test_all_that_is_wrong_with_a_source_is_told(
    source: dict[str, Any], problems: list[str], catalogue: Catalogue, tmp_path: Path
) -> None:
    whole = {"name": "fife", "return": "looked_after", "council": "Fife", "format": "csv"}
    if "Council" in source.get("name", ""):
        whole = {}
    path = tmp_path / "sources.yaml"
    path.write_text(yaml.safe_dump({"sources": [{**whole, **source}]}))
    with pytest.raises(ConfigurationError) as caught:
        load_sources(tmp_path, catalogue)
    assert [str(problem) for problem in caught.value.problems] == problems


class Ended(NamedTuple):
    """How a command ended, and what it wrote."""

    code: object
    out: str
    err: str


@pytest.fixture
def lgdp(
    puller: Puller,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., Ended]:
    """Runs `lgdp pull` where the server may be asked, with the puller's source."""
    monkeypatch.setenv("LGDP_CACHE", str(tmp_path / "cache"))
    settings = puller.conf / f"allowing-{puller.web.server_port}.yaml"
    content = yaml.safe_load((puller.conf / "platform.yaml").read_text())
    content["pull"]["hosts"] = {puller.web.host: ["http", "private"]}
    content["pull"]["attempts"] = 1
    settings.write_text(yaml.safe_dump(content))
    monkeypatch.setenv("LGDP_SETTINGS", settings.name)
    (puller.conf / "sources.yaml").write_text(yaml.safe_dump({"sources": [puller.source]}))

    def run(*arguments: str) -> Ended:
        words = ["pull", *arguments, "--lake", str(tmp_path / "other"), "--conf", str(puller.conf)]
        monkeypatch.setattr(sys, "argv", ["lgdp", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        written = capsys.readouterr()
        return Ended(ended.value.code, written.out, written.err)

    return run


def test_the_command_says_what_it_did(puller: Puller, lgdp: Callable[..., Ended]) -> None:
    puller.publish(FIRST)
    period = ("--period", "2023-24")
    first = lgdp(*period)
    assert (first.code, first.err) == (0, "")
    assert first.out.startswith("fife 2023-24: submission ")
    assert first.out.endswith(": checked, clean\n")
    assert lgdp(*period) == Ended(0, "fife 2023-24: nothing new\n", "")
    (told,) = json.loads(lgdp(*period, "--json").out)
    assert (told["new"], told["state"], told["failure"]) == (False, "checked", None)
    missing = puller.web.url("/2024-25/child.csv")
    assert lgdp("--period", "2024-25", "--source", "fife") == Ended(
        1, "", f"fife 2024-25: not fetched: {missing} answered 404 Not Found\n"
    )
    assert lgdp("--source", "perth") == Ended(
        2, "", "lgdp: there is no source 'perth'; known are fife\n"
    )


def test_no_host_may_be_asked_unless_it_is_allowed(
    puller: Puller, lgdp: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LGDP_SETTINGS")
    ended = lgdp("--period", "2023-24")
    assert ended == Ended(
        2,
        "",
        f"lgdp: {puller.web.host} may not be asked: it is not among the hosts of 'pull' in the "
        f"settings (conf/platform.yaml); if it should be, add '{puller.web.host}: []' there\n",
    )
    assert puller.web.asked == []
