"""Rules that do not keep to one submission, or can't be read alike by both engines, are refused."""
# ruff: noqa: E501  (one rule a line)

from __future__ import annotations

from pathlib import Path

import pytest

from lgdp.checks.compiled import compile_rules
from lgdp.checks.trial import bind_rules
from lgdp.errors import ConfigurationError
from tests.unit.contracts.small_conf import care, query

WHOLE = "the query must give the rows of {batch} whole: SELECT b.* FROM {batch} b"


def problems_of(root: Path, *queries: str, period: str = "2020-21") -> list[str]:
    """What is wrong with query rules of `visit`, with file and code; nothing if all is well."""
    suites = {"visit": [query(sql, f"R{number}") for number, sql in enumerate(queries, start=1)]}
    contract = care(root, suites=suites)
    at = contract.read_period(period)
    ruleset = contract.ruleset(at)
    try:
        bind_rules(ruleset, compile_rules(ruleset), contract.collection(at))
    except ConfigurationError as error:
        return [str(problem) for problem in error.problems]
    return []


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT v.* FROM visit v", "the query does not read from {batch}"),
        ("SELECT b.* FROM {batch} b WHERE", "the SQL does not parse at line 1, column 31: something is missing"),
        ("SELECT b.* FROM {batch} b WHERE b.ID = 'x", "the SQL does not parse: Error tokenizing 'SELECT b.* FROM _batch_ b WHERE b.ID = ''"),
        ("SELECT b.* FROM {batch} b; SELECT 1", "the query is not one SELECT without a semicolon"),
        ("SELECT b.* FROM {batch} b;", "the query is not one SELECT without a semicolon"),
        ("DELETE FROM {batch}", "the query is not one SELECT without a semicolon"),
        ("CREATE TABLE x AS SELECT b.* FROM {batch} b", "the query is not one SELECT without a semicolon"),
        ("SELECT b.* FROM {batch} b JOIN visits v ON v._submission = b._submission", "there is no table visits in this return"),
        ("SELECT b.* FROM {batch} b JOIN previous_visits v ON v._council = b._council", "there is no table previous_visits in this return"),
        ("SELECT b.* FROM {batch} b JOIN other.child c ON c._submission = b._submission", "other.child AS c is not a table of the return"),
        ("SELECT b.* FROM {batch} b JOIN read_csv('/etc/passwd') c ON c._submission = b._submission", "READ_CSV('/etc/passwd') AS c is not a table of the return"),
        ("SELECT b.* FROM {batch} b JOIN child c ON c.ID = b.ID", "the join with c does not name _submission"),
        ("SELECT b.* FROM {batch} b JOIN child c ON b._submission = b._submission AND c.ID = b.ID", "the join with c does not name _submission"),
        ("SELECT b.* FROM {batch} b JOIN child c ON c._submission = 'x'", "the join with c does not name _submission"),
        ("SELECT b.* FROM {batch} b JOIN child c ON c._submission = b._submission OR c.ID = b.ID", "the join with c does not name _submission"),
        ("SELECT b.* FROM {batch} b JOIN child c ON NOT c._submission = b._submission", "the join with c does not name _submission"),
        ("SELECT b.* FROM {batch} b JOIN child c ON c._council = b._council", "the join with c does not name _submission"),
        ("SELECT b.* FROM {batch} b CROSS JOIN child c", "the join with c does not name _submission"),
        ("SELECT b.* FROM {batch} b, child c WHERE c._submission = b._submission", "the join with c does not name _submission"),
        ("SELECT b.* FROM {batch} b JOIN child USING (ID)", "the join with child does not name _submission"),
        ("SELECT b.* FROM {batch} b JOIN {batch} o ON o.ID = b.ID", "the join with o does not name _submission"),
        ("SELECT b.* FROM {batch} b JOIN collection c ON b.SEEN > c.period_end", "the join with c does not name _submission"),
        ("SELECT b.* FROM {batch} b JOIN previous_visit p ON p.ID = b.ID", "the join with p does not name _council"),
        ("SELECT b.* FROM {batch} b JOIN (SELECT ID, count(*) n FROM {batch} GROUP BY ID) x ON x._submission = b._submission", "a GROUP BY does not name _submission"),
        ("SELECT b.* FROM {batch} b JOIN (SELECT _submission, count(*) n FROM {batch} GROUP BY 1) x ON x._submission = b._submission", "a GROUP BY does not name _submission"),
        ("SELECT b.* FROM {batch} b JOIN (SELECT max(_submission) AS _submission FROM child) x ON x._submission = b._submission", "an aggregate is taken without GROUP BY _submission"),
        ("SELECT x.* FROM (SELECT b.*, row_number() OVER (PARTITION BY b.ID ORDER BY b.SEEN) AS n FROM {batch} b) x WHERE x.n > 1", "a window's PARTITION BY does not name _submission"),
        ("SELECT x.* FROM (SELECT b.*, row_number() OVER w AS n FROM {batch} b WINDOW w AS (PARTITION BY b.ID ORDER BY b.SEEN)) x WHERE x.n > 1", "a window's PARTITION BY does not name _submission"),
        ("SELECT x.* FROM (SELECT b.*, row_number() OVER (ORDER BY b._submission) AS n FROM {batch} b) x WHERE x.n > 1", "a window's PARTITION BY does not name _submission"),
        ("SELECT b.* FROM {batch} b WHERE EXISTS (SELECT 1 FROM child c WHERE c.ID = b.ID)", "an inner query does not name _submission"),
        ("SELECT b.* FROM {batch} b WHERE NOT EXISTS (SELECT 1 FROM child c WHERE c._submission = b._submission OR c.ID = b.ID)", "an inner query does not name _submission"),
        ("SELECT b.* FROM {batch} b WHERE b.ID NOT IN (SELECT c.ID FROM child c)", "an inner query does not name _submission"),
        ("SELECT b.* FROM {batch} b WHERE (b._submission, b.ID) NOT IN (SELECT c.ID, c._submission FROM child c)", "an inner query does not name _submission"),
        ("SELECT b.* FROM {batch} b WHERE b.SEEN > (SELECT max(c.BORN) FROM child c)", "an inner query does not name _submission"),
        ("SELECT b.* FROM {batch} b WHERE EXISTS (SELECT 1 FROM child c WHERE c._submission = b._submission UNION ALL SELECT 1 FROM child c)", "an inner query does not name _submission"),
        ("SELECT b.* FROM {batch} b WHERE EXISTS (SELECT 1 FROM previous_child c WHERE c.ID = b.ID)", "an inner query does not name _council"),
        ("SELECT b.* FROM {batch} b WHERE b.NOTE RLIKE 'a(?=b)'", "the regular expression a(?=b) uses (?=, which not every engine has"),
        ("SELECT b.* FROM {batch} b WHERE regexp_replace(b.NOTE, '(a)\\\\1', '') = ''", "the regular expression (a)\\1 uses \\1, which not every engine has"),
        ("SELECT b.* FROM {batch} b WHERE b.NOTE RLIKE b.ID", "a regular expression is not written out as text"),
        ("SELECT b.* FROM {batch} b WHERE soundslike(b.NOTE)", "the function soundslike is not known"),
        ("SELECT b.* FROM {batch} b LIMIT 1", "LIMIT can't be used in a rule"),
        ("SELECT b.* FROM {batch} b WHERE b.SEEN > current_date()", "the date of today can't be used in a rule"),
        ("SELECT b.* FROM {batch} b WHERE b.SEEN > now()", "the function now is not known"),
        ("SELECT b.* FROM {batch} b WHERE rand() > 0.5", "a random number can't be used in a rule"),
        ("SELECT b.* FROM {batch} b QUALIFY row_number() OVER (PARTITION BY b._submission ORDER BY b.SEEN) > 1", "QUALIFY can't be used in a rule"),
        ("SELECT b.ID FROM {batch} b", WHOLE),
        ("SELECT count(*) FROM {batch} b GROUP BY b._submission", WHOLE),
        ("SELECT c.* FROM {batch} b JOIN child c ON c._submission = b._submission", WHOLE),
        ("SELECT * FROM {batch} b JOIN child c ON c._submission = b._submission", WHOLE),
        ("SELECT x.* FROM (SELECT b.ID FROM {batch} b) x", WHOLE),
        ("SELECT b.* FROM {batch} b UNION ALL SELECT c.* FROM child c", WHOLE),
        ("SELECT b.* FROM {batch} b WHERE b.NOTES = 'x'", "visit has no column NOTES"),
        ("SELECT x.* FROM (SELECT *, row_number() OVER (PARTITION BY _submission ORDER BY SEEN) AS note FROM {batch}) x WHERE x.note > 1", "the name note is that of a column; choose another"),
        ("SELECT b.* FROM {batch} b WHERE EXISTS (SELECT 1 FROM child c WHERE c._submission = b._submission AND c.NOPE = b.ID)", "child has no column NOPE"),
        ("SELECT b.* FROM {batch} b JOIN collection c ON c._submission = b._submission WHERE b.MINUTES > c.least", "collection has no column least"),
        ("SELECT b.* FROM {batch} b WHERE EXISTS (SELECT 1 FROM previous_child c WHERE c._council = b._council AND c.NOPE = b.ID)", "previous_child has no column NOPE"),
        ("SELECT * FROM {batch} WHERE NOTES = 'x'", 'column "NOTES" not found in FROM clause!'),
    ],
)  # fmt: skip
def test_a_rule_is_refused_with_file_and_code(sql: str, expected: str, tmp_path: Path) -> None:
    found = problems_of(tmp_path, sql)
    assert [text.replace("Referenced column", "column") for text in found] == [
        f"expectations/care/visit.json: R1: {expected}"
    ]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM {batch} WHERE MINUTES > 5",
        "SELECT b.* FROM {batch} b WHERE b.NOTE = 'a;b'",
        "SELECT b.* FROM {batch} b JOIN child c ON c._submission = b._submission AND c.ID = b.ID",
        "SELECT b.* FROM {batch} b JOIN child c ON (b._submission <=> c._submission) AND (c.ID = b.ID)",
        "SELECT b.* FROM {batch} b JOIN child c USING (_submission, ID)",
        "SELECT b.* FROM {batch} b LEFT ANTI JOIN child c ON c._submission = b._submission AND c.ID = b.ID",
        "SELECT b.* FROM {batch} b JOIN collection c ON c._submission = b._submission WHERE b.SEEN > c.period_end",
        "SELECT b.* FROM {batch} b JOIN previous_visit p ON p._council = b._council AND p.ID = b.ID",
        "SELECT b.* FROM {batch} b JOIN (SELECT _submission, ID, count(*) n FROM {batch} GROUP BY _submission, ID) x ON x._submission = b._submission AND x.ID = b.ID WHERE x.n > 1",
        "SELECT b.* FROM {batch} b JOIN (SELECT _council, ID, count(*) n FROM previous_visit GROUP BY _council, ID) x ON x._council = b._council AND x.ID = b.ID",
        "WITH x AS (SELECT _submission, ID, max(SEEN) AS last FROM {batch} GROUP BY _submission, ID) SELECT b.* FROM {batch} b JOIN x ON x._submission = b._submission AND x.ID = b.ID",
        "SELECT x.* FROM (SELECT b.*, lag(b.SEEN) OVER (PARTITION BY b._submission, b.ID ORDER BY b.SEEN) AS before FROM {batch} b) x WHERE x.before = x.SEEN",
        "SELECT x.* FROM (SELECT b.*, lag(b.SEEN) OVER w AS before FROM {batch} b WINDOW w AS (PARTITION BY b._submission, b.ID ORDER BY b.SEEN)) x WHERE x.before = x.SEEN",
        "WITH x AS (SELECT b.*, count(*) OVER (PARTITION BY b._submission) AS n FROM {batch} b) SELECT x.* FROM x WHERE x.n > 1",
        "SELECT b.* FROM {batch} b WHERE (b._submission, b.ID) NOT IN (SELECT c._submission, c.ID FROM child c WHERE c.ID IS NOT NULL)",
        "SELECT b.* FROM {batch} b WHERE b.SEEN < (SELECT max(c.BORN) FROM child c WHERE c._submission = b._submission AND c.ID = b.ID)",
        "SELECT b.* FROM {batch} b WHERE b.ID IN (SELECT c.ID FROM child c WHERE c._submission = b._submission)",
        "SELECT b.* FROM {batch} b WHERE EXISTS (SELECT 1 FROM previous_child c WHERE c._council = b._council AND c.ID = b.ID)",
        "SELECT b.* FROM {batch} b WHERE b.MINUTES > 5 UNION ALL SELECT b.* FROM {batch} b WHERE b.ALONE",
        "SELECT b.* FROM {batch} b WHERE b.NOTE RLIKE '^\\\\d+$' AND datediff(b.SEEN, make_date(2020, 1, 1)) > 5",
    ],
)  # fmt: skip
def test_a_rule_that_keeps_to_its_submission_is_taken(sql: str, tmp_path: Path) -> None:
    assert problems_of(tmp_path, sql) == []


def test_all_rules_that_are_wrong_are_told_at_once(tmp_path: Path) -> None:
    found = problems_of(
        tmp_path,
        "SELECT b.* FROM {batch} b JOIN child c ON c.ID = b.ID",
        "SELECT b.* FROM {batch} b WHERE b.MINUTES > 5",
        "SELECT v.* FROM visit v",
    )
    assert found == [
        "expectations/care/visit.json: R1: the join with c does not name _submission",
        "expectations/care/visit.json: R3: the query does not read from {batch}",
    ]


def test_all_rules_that_can_t_be_planned_are_told_at_once(tmp_path: Path) -> None:
    found = problems_of(
        tmp_path,
        "SELECT b.* FROM {batch} b WHERE NOPE = 1",
        "SELECT b.* FROM {batch} b WHERE b.MINUTES > 5",
        "SELECT b.* FROM {batch} b WHERE b.MINUTES > ALSO",
    )
    assert [text.split(": ")[1] for text in found] == ["R1", "R3"]
