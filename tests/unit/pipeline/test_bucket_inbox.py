"""An inbox on a real S3 server: what is new is fetched once, what is known not again."""

from __future__ import annotations

import json
import sys
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import boto3
import pytest

from lgdp.cli import main
from lgdp.config import load_settings, locate
from lgdp.contracts.catalogue import load_catalogue
from lgdp.errors import UsageError
from lgdp.intake.inbox import Arriving, Delivery, Unplaced
from lgdp.intake.submission import Submission
from lgdp.lake.door import Door
from lgdp.lake.s3_door import S3Door
from lgdp.pipeline.bucket_inbox import BucketInbox
from lgdp.pipeline.inboxes import open_inbox
from lgdp.pipeline.landing import LandReport, land_all
from lgdp.pipeline.platform import Platform, open_platform
from lgdp.pipeline.scheduler import InlineScheduler
from tests.s3_server import S3Server
from tests.small_return import FIFE, GLASGOW, PERIOD, write_conf
from tests.small_return import Delivery as Small
from tests.unit.pipeline.desk import IN_TIME

pytestmark = pytest.mark.slow
PLACE = f"looked_after/{PERIOD}/{FIFE}"


@pytest.fixture(scope="module")
def conf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_conf(tmp_path_factory.mktemp("project")) / "conf"


class Bucket:
    """An inbox in a bucket, and a lake beside it in a folder."""

    def __init__(self, server: S3Server, folder: Path, conf: Path) -> None:
        location = locate(conf)
        settings = load_settings(location.conf / "platform.yaml")
        patient = settings.inbox.model_copy(update={"recent_seconds": 0, "fetch_bytes": 2000})
        self.platform: Platform = open_platform(
            location,
            settings.model_copy(update={"inbox": patient}),
            load_catalogue(location),
            str(folder / "lake"),
            lambda: IN_TIME,
        )
        self.folder, self.bucket = folder, server.bucket
        self.prefix = f"inbox-{uuid.uuid4().hex}"
        self.uri = f"s3://{self.bucket}/{self.prefix}"
        self._client: Any = boto3.session.Session().client(
            "s3",
            endpoint_url=server.endpoint,
            region_name="us-east-1",
            aws_access_key_id=server.access_key,
            aws_secret_access_key=server.secret_key,
        )
        self.looks = 0

    def put(self, key: str, body: bytes) -> None:
        self._client.put_object(Bucket=self.bucket, Key=f"{self.prefix}/{key}", Body=body)

    def delete(self, key: str) -> None:
        self._client.delete_object(Bucket=self.bucket, Key=f"{self.prefix}/{key}")

    def send(self, delivery: Small, place: str | None = None) -> None:
        sent = delivery.write(self.folder / uuid.uuid4().hex)
        for path in sent.iterdir():
            place = place or f"looked_after/{delivery.period}/{delivery.council}"
            self.put(f"{place}/{path.name}", path.read_bytes())

    def read(self) -> tuple[list[Delivery], list[bytes]]:
        """The deliveries, and the contents that were fetched for them."""
        self.looks += 1
        scratch = self.folder / f"scratch{self.looks}"
        scratch.mkdir()
        door = Door.open(self.uri)
        assert isinstance(door, S3Door)
        deliveries = list(BucketInbox(self.platform, door, scratch).deliveries())
        return deliveries, [path.read_bytes() for path in scratch.iterdir()]

    def land(self, deliveries: list[Delivery]) -> LandReport:
        submissions = [each for each in deliveries if isinstance(each, Submission)]
        report = land_all(self.platform, submissions, InlineScheduler())
        assert report.failed == {}
        return report


@pytest.fixture
def bucket(
    s3_server: S3Server, tmp_path: Path, conf: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Bucket]:
    for name, value in s3_server.environ().items():
        monkeypatch.setenv(name, value)
    yield Bucket(s3_server, tmp_path, conf)


def test_what_is_new_is_fetched_and_what_is_known_is_not(bucket: Bucket) -> None:
    bucket.send(Small())
    bucket.send(Small(GLASGOW))
    deliveries, fetched = bucket.read()
    assert len(fetched) == 8
    report = bucket.land(deliveries)
    assert len(report.landed) == 2
    origins = [each.origin for each in deliveries if isinstance(each, Submission)]
    assert origins == [f"{bucket.uri}/looked_after/{PERIOD}/{place}" for place in (FIFE, GLASGOW)]

    deliveries, fetched = bucket.read()
    assert fetched == []
    again = bucket.land(deliveries)
    assert (again.landed, again.known) == ([], report.landed)


def test_of_a_changed_delivery_only_the_changed_object_is_fetched(bucket: Bucket) -> None:
    bucket.send(Small())
    first = bucket.land(bucket.read()[0])
    # The same size, and within the same second: only the tag tells.
    changed = Small(children=[("A1", "123456789"), ("A2", "987654320")])
    body = (changed.write(bucket.folder / "changed") / "child.csv").read_bytes()
    bucket.put(f"{PLACE}/child.csv", body)
    deliveries, fetched = bucket.read()
    assert fetched == [body]
    (submission,) = deliveries
    assert isinstance(submission, Submission)
    assert len(submission.files) == 4
    assert bucket.land(deliveries).landed == [submission.id]
    assert submission.id not in first.landed
    assert bucket.read()[1] == []


def test_an_object_that_is_removed_makes_another_delivery_of_the_rest(bucket: Bucket) -> None:
    bucket.send(Small())
    bucket.land(bucket.read()[0])
    bucket.delete(f"{PLACE}/placement.csv")
    deliveries, fetched = bucket.read()
    assert fetched == []
    assert len(bucket.land(deliveries).landed) == 1
    (left,) = deliveries
    assert isinstance(left, Submission)
    assert [file.name for file in left.files] == ["child.csv", "episode.csv", "legal_reason.csv"]


def test_the_same_content_under_another_name_is_fetched_and_known(bucket: Bucket) -> None:
    bucket.send(Small())
    first = bucket.land(bucket.read()[0])
    bucket.send(Small(), f"{FIFE}/looked_after/{PERIOD}")
    deliveries, fetched = bucket.read()
    assert len(fetched) == 4
    report = bucket.land(deliveries)
    assert (report.landed, report.known) == ([], [*first.landed, *first.landed])


def test_a_landing_that_failed_is_done_again_although_all_was_seen(bucket: Bucket) -> None:
    bucket.send(Small())
    assert len(bucket.read()[1]) == 4
    deliveries, fetched = bucket.read()
    assert len(fetched) == 4
    assert len(bucket.land(deliveries).landed) == 1


def test_a_manifest_is_kept_and_its_totals_are_held(bucket: Bucket) -> None:
    text = f"return: looked_after\nperiod: {PERIOD}\ncouncil: Fife\nby: A. Person\nfiles:\n"
    text += "- {name: child.csv, rows: 3}\n"
    text += "".join(f"- name: {name}.csv\n" for name in ("episode", "placement", "legal_reason"))
    bucket.send(Small(), "anywhere/at/all/here")
    bucket.put("anywhere/at/all/here/manifest.yaml", text.encode())
    deliveries, _ = bucket.read()
    (submission,) = deliveries
    assert isinstance(submission, Submission)
    assert (submission.council, submission.actor, submission.totals) == (
        FIFE,
        "A. Person",
        {"child.csv": 3},
    )
    bucket.land(deliveries)
    notes = bucket.platform.ledger.find(submission.id).landed["notes"]
    assert [note["code"] for note in notes if note["severity"] == "critical"] == ["CONTROL_TOTAL"]
    again, fetched = bucket.read()
    # The manifest is read again, from the lake.
    assert fetched == [text.encode()]
    assert [each.id for each in again if isinstance(each, Submission)] == [submission.id]


@pytest.mark.parametrize(
    ("key", "delivery"),
    [
        (
            f"looked_after/{PERIOD}/Narnia/child.csv",
            Unplaced(
                f"looked_after/{PERIOD}/Narnia",
                "'Narnia' is not a council that is known; see conf/councils.csv",
            ),
        ),
        (
            "child.csv",
            Unplaced(
                ".",
                "files lie where no return, period and council are said; put them in "
                "<return>/<period>/<council>/ or add a manifest.yaml",
            ),
        ),
        (
            f"{PLACE}/child.csv.part",
            Arriving(PLACE, "child.csv.part is a copy that is not finished"),
        ),
        (
            f"{PLACE}/large.csv",
            Unplaced(
                PLACE,
                "large.csv has 2,001 bytes, and at most 2,000 are fetched (inbox.fetch_bytes in "
                "conf/platform.yaml)",
            ),
        ),
    ],
)
def test_what_can_t_be_taken_is_told(key: str, delivery: Delivery, bucket: Bucket) -> None:
    bucket.put(key, b"x" * (2001 if "large" in key else 3))
    bucket.put("looked_after/.hidden/child.csv", b"x")
    bucket.put("looked_after/", b"")
    assert bucket.read()[0] == [delivery]
    bucket.delete(key)
    assert bucket.read() == ([], [])


def test_what_changes_while_it_is_read_waits_for_the_next_run(bucket: Bucket) -> None:
    patient = bucket.platform.settings.inbox.model_copy(
        update={"recent_seconds": 60, "wait_seconds": 0.1}
    )
    settings = bucket.platform.settings.model_copy(update={"inbox": patient})

    def clock() -> datetime:
        """Asked when an object has been fetched: one more arrives just then."""
        bucket.put(f"{PLACE}/more.csv", b"x")
        return IN_TIME

    untouched = bucket.platform
    bucket.platform = replace(untouched, settings=settings, clock=clock)
    bucket.send(Small())
    bucket.send(Small(GLASGOW))
    fife, glasgow = bucket.read()[0]
    bucket.platform = replace(untouched, settings=settings)
    assert fife == Arriving(PLACE, "its objects changed while they were looked at")
    assert isinstance(glasgow, Submission)
    # Nothing of it is remembered: it is fetched as a whole when it is taken.
    deliveries, fetched = bucket.read()
    assert all(isinstance(each, Submission) for each in deliveries)
    assert len(fetched) == 5 + 4


def test_an_inbox_is_a_folder_or_a_bucket(bucket: Bucket) -> None:
    with (
        pytest.raises(
            UsageError,
            match=r"^the inbox ftp://x/y can't be read: expected a folder or s3://bucket/prefix$",
        ),
        open_inbox(bucket.platform, "ftp://x/y"),
    ):
        pass


def test_the_command_lands_a_bucket(
    bucket: Bucket,
    conf: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    bucket.send(Small())
    lake = str(tmp_path / "another")
    words = ["land", "--inbox", bucket.uri, "--lake", lake, "--conf", str(conf), "--json"]
    monkeypatch.setenv("LGDP_CACHE", str(tmp_path / "cache"))

    def land() -> dict[str, Any]:
        monkeypatch.setattr(sys, "argv", ["lgdp", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 0
        return dict(json.loads(capsys.readouterr().out))

    first, second = land(), land()
    assert (len(first["landed"]), first["known"]) == (1, [])
    assert (second["landed"], second["known"]) == ([], first["landed"])
