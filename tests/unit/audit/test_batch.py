"""The audit of a batch on Spark: what it lets pass, what it holds, and what it leaves behind."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from lgdp.audit.batch import audit_batch
from lgdp.audit.kernel_counts import KernelCounts
from lgdp.audit.result import Audit, Batch
from lgdp.contracts.suite import Rule
from lgdp.errors import AuditFailed
from tests.frames import frame_of
from tests.spark_session import temporary_views
from tests.unit.audit.rulesets import QUERY, rule, ruleset

pytestmark = pytest.mark.slow

PLACE = "_row bigint, _submission string, _council string"
EPISODES = f"CHILD string, DECOM date, DEC date, LS string, {PLACE}"
PLACEMENTS = f"CHILD string, PL string, {PLACE}"
COLLECTION = (
    "_submission string, _council string, period string, period_start date, period_end date"
)
SENTINEL = "Isla Brown"

DAY = date(2017, 6, 1)
ROWS = [
    ("c1", DAY, date(2017, 7, 1), "C2", 1, "s1", "S12000005"),
    ("c2", DAY, date(2017, 5, 1), "E1", 2, "s1", "S12000005"),
    ("c3", DAY, None, None, 1, "s2", "S12000006"),
    (SENTINEL, date(2019, 1, 1), None, SENTINEL, 2, "s2", "S12000006"),
]
PARENTS = (
    "SELECT b.* FROM {batch} b WHERE NOT EXISTS (SELECT 1 FROM placements p "
    "WHERE p._submission = b._submission AND p.CHILD = b.CHILD)"
)
BREAKS_ON_THE_SENTINEL = (
    "SELECT b.* FROM {batch} b "
    "WHERE CASE WHEN _submission = 's2' AND _row = 2 THEN CAST(CHILD AS INT) END > 1"
)
RULES = [
    rule("101", "expect_column_values_to_not_be_null", "critical", column="CHILD"),
    rule("102", "expect_column_values_to_match_regex", column="LS", regex="^C"),
    rule("103", QUERY, unexpected_rows_query=PARENTS),
    rule(
        "104",
        QUERY,
        unexpected_rows_query="SELECT b.* FROM {batch} b JOIN collection c "
        "ON c._submission = b._submission WHERE b.DECOM > c.period_end",
    ),
    rule(
        "105",
        "expect_column_pair_values_a_to_be_greater_than_b",
        column_A="DEC",
        column_B="DECOM",
        or_equal=True,
        ignore_row_if="either_value_is_missing",
    ),
    rule("106", "expect_table_row_count_to_be_between", "critical", min_value=1),
]
COUNTS = {"101": 0, "102": 2, "103": 3, "104": 1, "105": 1, "106": 0}


class Judge:
    """Audits the rows above under given rules and kernel counts."""

    def __init__(self, spark: SparkSession, docs: Path) -> None:
        self.spark, self.docs = spark, docs
        self.episodes = frame_of(spark, ROWS, EPISODES)

    def batch(
        self,
        rules: list[Rule],
        name: str,
        previous: Mapping[str, DataFrame],
        of_placements: list[Rule] | None,
    ) -> Batch:
        placements = [("c1", "U1", 1, "s1", "S12000005"), ("c9", "U1", 1, "s2", "S12000006")]
        ends = (date(2017, 4, 1), date(2018, 3, 31))
        collection = [(s, "S12000005", "2017-18", *ends) for s in ("s1", "s2", "s3")]
        return Batch(
            name=name,
            ruleset=ruleset(rules, of_placements),
            tables={
                "episodes": self.episodes,
                "placements": frame_of(self.spark, placements, PLACEMENTS),
            },
            collection=frame_of(self.spark, collection, COLLECTION),
            previous=previous,
        )

    def __call__(
        self,
        rules: list[Rule] = RULES,
        counts: Mapping[str, int] = COUNTS,
        rows: int = len(ROWS),
        name: str = "batch-1",
        previous: Mapping[str, DataFrame] | None = None,
        placements: list[Rule] | None = None,
    ) -> Audit:
        kernel = KernelCounts(
            {
                **{("episodes", code): count for code, count in counts.items()},
                **{("placements", each.meta.code): 0 for each in placements or ()},
            },
            {"episodes": rows, "placements": 2},
        )
        batch = self.batch(rules, name, previous or {}, placements)
        return audit_batch(self.spark, batch, kernel, self.docs)

    def pages(self) -> dict[str, str]:
        return {
            path.relative_to(self.docs).as_posix(): path.read_text("utf-8")
            for path in self.docs.rglob("*")
            if path.is_file()
        }


@pytest.fixture
def judge(spark: SparkSession, tmp_path: Path) -> Judge:
    return Judge(spark, tmp_path / "docs")


def counts_of(audit: Audit) -> dict[str, int | None]:
    return {f"{row.table} {row.code}": row.audit_count for row in audit.rows}


def test_a_batch_on_which_both_engines_agree_is_not_held(judge: Judge) -> None:
    audit = judge()

    assert audit.held == ()
    assert counts_of(audit) == {
        "episodes _rows": 4,
        **{f"episodes {code}": count for code, count in COUNTS.items()},
        "placements _rows": 2,
    }


def test_a_kernel_that_misses_rows_is_caught_by_rule_and_both_counts(judge: Judge) -> None:
    audit = judge(counts={**COUNTS, "102": 1, "104": 0}, rows=5)

    assert audit.held == (
        "episodes: the kernel wrote 5 rows, the audit counted 4",
        "episodes 102 (warning): the kernel counted 1 failing rows, the audit counted 2",
        "episodes 104 (warning): the kernel counted 0 failing rows, the audit counted 1",
    )


def test_a_critical_rule_that_finds_rows_holds_even_if_the_kernel_agrees(judge: Judge) -> None:
    rules = [rule("105", QUERY, "critical", unexpected_rows_query=PARENTS)]

    assert judge(rules, {"105": 3}).held == (
        "episodes 105 (critical): the kernel counted 3 failing rows, the audit counted 3; "
        "silver must hold none",
    )


def test_a_submission_with_rows_elsewhere_but_none_here_breaks_a_row_count(judge: Judge) -> None:
    judge.episodes = judge.episodes.where("_submission = 's1'")
    rules = [rule("106", "expect_table_row_count_to_be_between", "info", min_value=1, max_value=1)]

    # s1 has two rows, s2 none, and s3 sent nothing at all, which is nil.
    assert judge(rules, {"106": 2}, rows=2).held == ()


def test_every_kind_of_rule_finds_nothing_in_an_empty_table(judge: Judge) -> None:
    judge.episodes = judge.episodes.limit(0)
    unique = rule(
        "107",
        "expect_compound_columns_to_be_unique",
        column_list=["_submission", "CHILD"],
        ignore_row_if="any_value_is_missing",
    )
    rules = [*(each for each in RULES if each.meta.code != "106"), unique]

    audit = judge(rules, {each.meta.code: 0 for each in rules}, rows=0)

    assert audit.held == ()


def test_the_previous_period_is_read_where_there_is_one(judge: Judge) -> None:
    query = (
        "SELECT b.* FROM {batch} b WHERE EXISTS (SELECT 1 FROM previous_episodes p "
        "WHERE p._council = b._council AND p.CHILD = b.CHILD)"
    )
    rules = [rule("107", QUERY, unexpected_rows_query=query)]
    previous = {"episodes": judge.episodes.where("CHILD = 'c1'")}

    assert judge(rules, {"107": 1}, previous=previous).held == ()
    assert judge(rules, {"107": 0}).held == ()


def test_a_rule_may_name_tables_in_capitals_and_two_tables_may_share_a_query(judge: Judge) -> None:
    query = (
        "SELECT b.* FROM {batch} b JOIN COLLECTION c ON c._submission = b._submission "
        "WHERE NOT EXISTS (SELECT 1 FROM Placements p WHERE p.CHILD = b.CHILD)"
    )
    shared = "SELECT b.* FROM {batch} b WHERE b._submission = 's2'"
    episodes = [
        rule("201", QUERY, unexpected_rows_query=query),
        rule("202", QUERY, unexpected_rows_query=shared),
    ]
    placements = [rule("301", QUERY, unexpected_rows_query=shared)]

    audit = judge(episodes, {"201": 3, "202": 2}, placements=placements)

    assert counts_of(audit) == {
        "episodes _rows": 4,
        "episodes 201": 3,
        "episodes 202": 2,
        "placements _rows": 2,
        "placements 301": 1,
    }


def test_a_rule_that_cannot_run_holds_and_quotes_no_value(
    judge: Judge, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    rules = [
        *RULES,
        rule("108", QUERY, unexpected_rows_query=BREAKS_ON_THE_SENTINEL),
        rule("109", "expect_column_values_to_not_be_null", column="NOPE"),
    ]

    audit = judge(rules, {**COUNTS, "108": 0, "109": 0})

    assert audit.held == (
        "episodes 108 (warning): the kernel counted 0 failing rows, "
        "the audit could not run it (CAST_INVALID_INPUT)",
        "episodes 109 (warning): the kernel counted 0 failing rows, "
        "the audit could not run it (there is no column NOPE)",
    )
    assert all(row.ran for row in audit.rows if row.code not in ("108", "109"))
    said = [*judge.pages().values(), caplog.text, *capfd.readouterr()]
    assert [text for text in said if SENTINEL in text] == []


def test_docs_of_several_audits_share_one_index_and_need_no_network(judge: Judge) -> None:
    judge(name="2017-18-a")
    judge(name="2017-18-b", counts={**COUNTS, "102": 1})

    pages = judge.pages()
    assert sorted(pages) == [
        "index.html",
        "ssda903/2017-18-a/audit.json",
        "ssda903/2017-18-a/episodes.html",
        "ssda903/2017-18-a/placements.html",
        "ssda903/2017-18-b/audit.json",
        "ssda903/2017-18-b/episodes.html",
        "ssda903/2017-18-b/placements.html",
    ]
    index = pages["index.html"]
    assert index.count('class="agrees"') == 3
    assert index.count("held: 1 rule<") == 1
    assert 'href="ssda903/2017-18-b/episodes.html"' in index
    assert (
        "the kernel counted 1 failing rows, the audit counted 2"
        in pages["ssda903/2017-18-b/episodes.html"]
    )
    for name, page in pages.items():
        assert "http" not in page, name
        assert "<script" not in page, name
        assert SENTINEL not in page, name


@pytest.fixture
def own_settings(spark: SparkSession) -> Iterator[dict[str, str]]:
    """Settings of the session as nothing but this test has them."""
    own = {"spark.sql.codegen.factoryMode": "CODEGEN_ONLY", "spark.sql.shuffle.partitions": "3"}
    before = {name: str(spark.conf.get(name)) for name in own}
    for name, value in own.items():
        spark.conf.set(name, value)
    yield own
    for name, value in before.items():
        spark.conf.set(name, value)


def test_nothing_is_left_in_the_session(judge: Judge, own_settings: dict[str, str]) -> None:
    judge()

    assert temporary_views(judge.spark) == []
    assert not judge.episodes.is_cached
    assert logging.getLogger("great_expectations").level < logging.CRITICAL
    assert {name: judge.spark.conf.get(name) for name in own_settings} == own_settings


def test_a_session_with_views_of_another_audit_is_refused(judge: Judge) -> None:
    judge.episodes.createTempView("placements")

    with pytest.raises(AuditFailed, match="the session has a view 'placements' already"):
        judge()
    assert temporary_views(judge.spark) == ["placements"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"counts": {**COUNTS, "103": None}}, "the kernel's count of episodes 103"),
        ({"name": "../elsewhere"}, "'../elsewhere' cannot name a folder of the docs"),
    ],
)
def test_an_audit_that_cannot_be_whole_is_not_made(
    judge: Judge, change: dict[str, Any], message: str
) -> None:
    if "counts" in change:
        counts = {code: count for code, count in change["counts"].items() if count is not None}
        change = {"counts": counts}

    with pytest.raises(AuditFailed, match=message):
        judge(**change)


def test_c58_docs_that_cannot_be_written_stop_the_audit_first(judge: Judge, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    judge.docs = blocked / "docs"

    with pytest.raises(AuditFailed, match=r"the docs folder .* cannot be written"):
        judge()
