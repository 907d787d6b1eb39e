"""Great Expectations must judge exactly the rules of the suite, or nothing."""

from __future__ import annotations

import great_expectations as gx
import pytest

from lgdp.audit.expectation import braces_kept, expectations_of, left_out, row_count_query
from lgdp.contracts.suite import Rule
from lgdp.errors import AuditFailed
from tests.unit.audit.rulesets import QUERY, rule, ruleset


@pytest.fixture(autouse=True)
def context() -> None:
    """A suite belongs to a context."""
    gx.get_context(mode="ephemeral")


def codes(rules: list[Rule]) -> list[str]:
    made = expectations_of(ruleset(rules), "episodes", 12)
    return [expectation.meta["code"] for expectation in made.expectations]


def test_the_row_count_comes_first_and_every_rule_follows() -> None:
    rules = [
        rule("101", "expect_column_values_to_not_be_null", "critical", column="CHILD"),
        rule("102", QUERY, unexpected_rows_query="SELECT b.* FROM {batch} b WHERE DEC < DECOM"),
    ]

    assert codes(rules) == ["_rows", "101", "102"]


def test_rules_of_one_type_on_one_column_are_all_kept() -> None:
    match = "expect_column_values_to_match_regex"
    rules = [rule(code, match, column="LS", regex=code) for code in ("C", "D", "E")]
    queries = [
        rule(code, QUERY, unexpected_rows_query=f"SELECT * FROM {{batch}} WHERE LS = '{code}'")
        for code in ("F", "G")
    ]

    assert codes([*rules, *queries]) == ["_rows", "C", "D", "E", "F", "G"]


def test_rules_that_differ_in_their_code_alone_are_both_kept() -> None:
    null = "expect_column_values_to_be_null"

    assert codes([rule("1", null, column="DEC"), rule("2", null, column="DEC")]) == [
        "_rows",
        "1",
        "2",
    ]


def test_submissions_without_a_table_that_a_rule_needs_are_left_out_of_its_query() -> None:
    needy = rule("1", QUERY, unexpected_rows_query="SELECT b.* FROM {batch} b")
    needy = needy.model_copy(update={"meta": needy.meta.model_copy(update={"needs": ("child",)})})
    plain = rule("2", QUERY, unexpected_rows_query="SELECT b.* FROM {batch} b WHERE b.LS = 'C'")
    lacking = {("child",): ("a1", "b2")}

    made = expectations_of(ruleset([needy, plain]), "episodes", 12, lambda needs: lacking[needs])
    queries = [each.configuration.kwargs["unexpected_rows_query"] for each in made.expectations[1:]]

    assert queries == [
        "SELECT found.* FROM (SELECT b.* FROM {batch} b) AS found "
        "WHERE found._submission NOT IN ('a1', 'b2')",
        "SELECT b.* FROM {batch} b WHERE b.LS = 'C'",
    ]


def test_a_query_is_as_it_was_where_every_submission_has_the_table() -> None:
    assert left_out("SELECT * FROM {batch}", ()) == "SELECT * FROM {batch}"


def test_a_misspelt_type_is_refused_with_its_code() -> None:
    with pytest.raises(
        AuditFailed, match=r"episodes 7: Great Expectations refuses the rule: .*nul_"
    ):
        codes([rule("7", "expect_column_values_to_not_be_nul_", column="CHILD")])


def test_an_argument_that_means_nothing_is_refused() -> None:
    with pytest.raises(AuditFailed, match=r"episodes 8: .*min_value and max_value cannot both"):
        codes([rule("8", "expect_column_values_to_be_between", column="LS")])


def test_a_table_without_a_suite_has_its_rows_counted() -> None:
    made = expectations_of(ruleset([]), "placements", 3)

    assert [(e.meta["code"], e.value) for e in made.expectations] == [("_rows", 3)]


def test_the_row_count_of_a_submission_has_the_bounds_that_are_given() -> None:
    assert row_count_query(["a", "b"], 1, None).endswith("HAVING COUNT(b._submission) < 1")
    assert row_count_query(["a"], 1, 9).endswith(
        "HAVING COUNT(b._submission) < 1 OR COUNT(b._submission) > 9"
    )


def test_braces_of_a_regular_expression_are_kept() -> None:
    query = "SELECT b.* FROM {batch} b WHERE b.UPN RLIKE '^[0-9]{12}$'"

    assert braces_kept(query).format(batch="view") == query.replace("{batch}", "view")
