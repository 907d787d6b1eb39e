"""An inbox: what each delivery is, by path or manifest, and what can't be told."""
# ruff: noqa: E501  (texts are asserted whole)

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lgdp.contracts.catalogue import Catalogue
from lgdp.errors import ConfigurationError, UsageError
from lgdp.intake.inbox import Unplaced, read_inbox
from lgdp.intake.manifest import read_manifest
from lgdp.intake.sent_file import look_at
from lgdp.intake.submission import Submission, submission_id
from tests.unit.contracts.small_conf import load

TEXT = "ID,BORN\nA1,01/02/2010\n"
PLACE = "care/2020-21/S12000047"


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return load(tmp_path_factory.mktemp("conf"))


def put(inbox: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def found(inbox: Path, catalogue: Catalogue, **files: str) -> list[Submission | Unplaced]:
    put(inbox, files)
    return list(read_inbox(inbox, catalogue))


def reason(inbox: Path, catalogue: Catalogue, files: dict[str, str]) -> str:
    """Why the one delivery of an inbox can't be placed."""
    (unplaced,) = found(inbox, catalogue, **files)
    assert isinstance(unplaced, Unplaced)
    return unplaced.reason


def test_a_path_says_return_period_and_council(tmp_path: Path, catalogue: Catalogue) -> None:
    files = {
        f"{PLACE}/visit.csv": TEXT + "A2,01/02/2010\n",
        f"{PLACE}/child.csv": TEXT,
        f"{PLACE}/.hidden": "x",
        f"{PLACE}/.hidden.d/child.csv": TEXT,
        "care/2021-22/Perth & Kinross/child.csv": TEXT,
        ".tmp/2021-22/Fife/child.csv": TEXT,
        "care/2022-23/Fife/.gitkeep": "",
    }
    first, second = found(tmp_path, catalogue, **files)
    assert isinstance(first, Submission)
    assert isinstance(second, Submission)
    assert (first.return_name, first.period, first.council) == ("care", "2020-21", "S12000047")
    assert [file.name for file in first.files] == ["child.csv", "visit.csv"]
    assert (first.origin, first.nil, first.actor) == (PLACE, False, "inbox")
    assert first.files[0].digest == hashlib.sha256(TEXT.encode()).hexdigest()
    assert (first.files[0].size, first.files[0].media_type) == (len(TEXT), "csv")
    assert (second.period, second.council) == ("2021-22", "S12000048")


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("cares/2020-21/Fife", "there is no return 'cares'; known are care"),
        ("care/2020/Fife", "'2020' is not a period of this annual return (the text has another form); expected something like '2025-26'"),
        ("care/2019-20/Fife", "care has no spec for 2019-20; its first is for 2020-21"),
        ("care/2020-21/Narnia", "'Narnia' is not a council that is known; see conf/councils.csv"),
        ("care/2020-21", "files lie where no return, period and council are said; put them in <return>/<period>/<council>/ or add a manifest.yaml"),
        ("care/2020-21/Fife/more", "files lie where no return, period and council are said; put them in <return>/<period>/<council>/ or add a manifest.yaml"),
    ],
)  # fmt: skip
def test_what_can_t_be_told_is_unplaced_with_the_reason(
    place: str, text: str, tmp_path: Path, catalogue: Catalogue
) -> None:
    put(tmp_path, {f"{place}/child.csv": TEXT})
    assert list(read_inbox(tmp_path, catalogue)) == [Unplaced(place, text)]


def test_files_in_the_inbox_itself_are_unplaced(tmp_path: Path, catalogue: Catalogue) -> None:
    put(tmp_path, {"child.csv": TEXT})
    (unplaced,) = read_inbox(tmp_path, catalogue)
    assert isinstance(unplaced, Unplaced)
    assert unplaced.folder == "."


def test_one_bad_delivery_does_not_stop_the_next(tmp_path: Path, catalogue: Catalogue) -> None:
    put(tmp_path, {"care/2020-21/Ayr/child.csv": TEXT, "care/2020-21/Fife/child.csv": TEXT})
    first, second = read_inbox(tmp_path, catalogue)
    assert isinstance(first, Unplaced)
    assert isinstance(second, Submission)


def test_an_inbox_is_a_folder(tmp_path: Path, catalogue: Catalogue) -> None:
    with pytest.raises(UsageError, match=r"^the inbox .*none is not a folder$"):
        list(read_inbox(tmp_path / "none", catalogue))


def test_a_name_that_is_not_utf_8_is_shown_as_text(tmp_path: Path, catalogue: Catalogue) -> None:
    folder = tmp_path / PLACE
    folder.mkdir(parents=True)
    (Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.csv"))).write_text(TEXT)
    (one,) = read_inbox(tmp_path, catalogue)
    assert isinstance(one, Submission)
    assert one.files[0].name == "caf\ufffd.csv"


MANIFEST = "return: care\nperiod: 2020-21\ncouncil: Fife\n"


def test_a_manifest_says_it_anywhere(tmp_path: Path, catalogue: Catalogue) -> None:
    files = {
        "x/manifest.yaml": MANIFEST + "by: A. Person\n",
        "x/child.csv": TEXT,
        "y/z/a/b/manifest.json": '{"return": "care", "period": "2020-21", "council": "06", "nil": true}',
        "n/manifest.yml": "return: care\nperiod: 2021-22\ncouncil: 250\n"
        f"files: [{{name: child.csv, sha256: {hashlib.sha256(TEXT.encode()).hexdigest().upper()}, bytes: 22, }}]\n",
        "n/child.csv": TEXT,
    }
    got = found(tmp_path, catalogue, **files)
    assert all(isinstance(item, Submission) for item in got), got
    seen = [
        (item.period, item.council, item.nil, item.actor, len(item.files))
        for item in got
        if isinstance(item, Submission)
    ]
    assert seen == [
        ("2021-22", "S12000047", False, "manifest", 1),
        ("2020-21", "S12000047", False, "A. Person", 1),
        ("2020-21", "S12000005", True, "manifest", 0),
    ]


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ("nil: true\n", "the manifest says nil, but there are files beside it"),
        ("files: [{name: visit.csv}]\n", "the manifest names visit.csv, which is not there"),
        ("files: [{name: child.csv, bytes: 5}]\n", "child.csv has 22 bytes, the manifest says 5"),
        (f"files: [{{name: child.csv, sha256: {'0' * 64}}}]\n", "child.csv is not the file of the manifest: its SHA-256 differs"),
        ("files: [{name: child.csv}]\n", "more.csv is there, but not in the manifest"),
        ("nill: true\n", "1 problem in the configuration:\n  manifest.yaml: nill: is not a key that is known here"),
        ("nil: maybe\nfiles: [{sha256: 5}]\n", "3 problems in the configuration:\n  manifest.yaml: files.0.name: is missing\n  manifest.yaml: files.0.sha256: String should match pattern '^[0-9a-fA-F]{64}$'\n  manifest.yaml: nil: Input should be a valid boolean, unable to interpret input"),
    ],
)  # fmt: skip
def test_a_manifest_that_does_not_fit_is_told(
    more: str, text: str, tmp_path: Path, catalogue: Catalogue
) -> None:
    files = {"x/manifest.yaml": MANIFEST + more, "x/child.csv": TEXT}
    if "more.csv" in text:
        files["x/more.csv"] = TEXT
    assert reason(tmp_path, catalogue, files) == text


def test_a_manifest_and_its_folder_say_the_same(tmp_path: Path, catalogue: Catalogue) -> None:
    files = {f"{PLACE}/manifest.yaml": MANIFEST, f"{PLACE}/child.csv": TEXT}
    (one,) = found(tmp_path / "same", catalogue, **files)
    assert isinstance(one, Submission)
    files[f"{PLACE}/manifest.yaml"] = MANIFEST.replace("Fife", "Clackmannanshire")
    assert reason(tmp_path / "other", catalogue, files) == (
        "the manifest says care, 2020-21, S12000005, but the folder is that of care, 2020-21, "
        "S12000047"
    )


def test_nothing_at_all_is_not_nil(tmp_path: Path, catalogue: Catalogue) -> None:
    assert reason(tmp_path, catalogue, {"x/manifest.yaml": MANIFEST}) == (
        "the manifest has no file beside it and does not say nil"
    )


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", ["manifest.yaml: is not a mapping of keys"]),
        ("a: [", ["manifest.yaml: is not YAML or JSON"]),
        ("period: ~\n", ["manifest.yaml: council: is missing", "manifest.yaml: period: is missing", "manifest.yaml: return: is missing"]),
    ],
)  # fmt: skip
def test_a_manifest_is_whole(text: str, problems: list[str], tmp_path: Path) -> None:
    path = tmp_path / "manifest.yaml"
    path.write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        read_manifest(path)
    assert [str(problem) for problem in caught.value.problems] == problems


def test_a_census_date_in_a_manifest_is_text(tmp_path: Path) -> None:
    path = tmp_path / "manifest.yaml"
    path.write_text("return: care\nperiod: 2025-09-17\ncouncil: 06\n")
    manifest = read_manifest(path)
    assert (manifest.return_, manifest.period, manifest.council) == ("care", "2025-09-17", "06")


DIGESTS = st.lists(st.text("0123456789abcdef", min_size=64, max_size=64), max_size=4)


@given(DIGESTS, st.randoms(use_true_random=False))
def test_a_submission_s_id_does_not_depend_on_order_or_names(
    digests: list[str], chance: object
) -> None:
    one = submission_id("care", "2020-21", "S12000047", digests)
    shuffled = sorted(digests, key=lambda _: chance.random())  # type: ignore[attr-defined]
    assert submission_id("care", "2020-21", "S12000047", shuffled) == one
    assert len(one) == 32
    assert int(one, 16) >= 0


def test_a_submission_s_id_depends_on_everything_else(tmp_path: Path) -> None:
    ids = {
        submission_id("care", "2020-21", "S12000047", ["a", "b"]),
        submission_id("care", "2020-21", "S12000047", ["a"]),
        submission_id("care", "2020-21", "S12000005", ["a", "b"]),
        submission_id("care", "2021-22", "S12000047", ["a", "b"]),
        submission_id("cares", "2020-21", "S12000047", ["a", "b"]),
        submission_id("care", "2020-21", "S12000047", []),
    }
    assert len(ids) == 6
    # Recorded, so that content sent years ago is still known by the same id.
    known = submission_id("care", "2020-21", "S12000047", ["a", "b"])
    assert known == hashlib.sha256(b"care\n2020-21\nS12000047\na\nb").hexdigest()[:32]


def test_the_same_content_twice_is_one_file(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(TEXT)
    digests = [look_at(tmp_path / name).digest for name in ("a.csv", "b.csv")]
    assert submission_id("r", "p", "c", digests) == submission_id("r", "p", "c", digests[:1])
