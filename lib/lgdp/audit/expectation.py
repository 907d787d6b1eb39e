"""A table's rules as Great Expectations objects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from great_expectations import ExpectationSuite
from great_expectations.exceptions.exceptions import GreatExpectationsError
from great_expectations.execution_engine.execution_engine import ExecutionEngine
from great_expectations.expectations.core.unexpected_rows_expectation import (
    UnexpectedRowsExpectation,
)
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.expectations.metadata_types import FailureSeverity

from lgdp.audit.query_counts import UnexpectedRowsCount
from lgdp.audit.result import ROWS_CODE
from lgdp.contracts.expectation_form import QUERY, ROW_COUNT
from lgdp.contracts.ruleset import Ruleset
from lgdp.contracts.suite import Rule
from lgdp.errors import AuditFailed

COUNT_ROWS = "expect_table_row_count_to_equal"
COUNT_UNEXPECTED = "expect_no_unexpected_rows"


def rules_of(ruleset: Ruleset, table: str) -> tuple[Rule, ...]:
    """The rules of one table in suite order; none if it has no suite."""
    suite = ruleset.suites.get(table)
    return suite.expectations if suite else ()


class ExpectNoUnexpectedRows(UnexpectedRowsExpectation):
    """Great Expectations' own query expectation, asked for its count only.

    The stock class also fetches up to 200 failing rows to the driver, which are people's records
    and cost a second run of the query.
    """

    metric_dependencies: ClassVar[tuple[str, ...]] = (UnexpectedRowsCount.metric_name,)

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: ExecutionEngine[Any] | None = None,
    ) -> dict[str, Any]:
        count = metrics[UnexpectedRowsCount.metric_name]
        return {"success": count == 0, "result": {"observed_value": count}}


def row_count_query(tables: Sequence[str], minimum: int | None, maximum: int | None) -> str:
    """The submissions whose number of rows of `{batch}` is out of bounds.

    Starts from `collection`, so that a submission without a row of this table is counted; one
    without a row of any of the return's `tables` is nil and owes none.
    """
    any_row = " UNION ALL ".join(f"SELECT _submission FROM `{name}`" for name in tables)
    bounds = []
    if minimum is not None:
        bounds.append(f"COUNT(b._submission) < {minimum}")
    if maximum is not None:
        bounds.append(f"COUNT(b._submission) > {maximum}")
    return (
        "SELECT c._submission FROM collection c"
        " LEFT JOIN {batch} b ON b._submission = c._submission"
        f" WHERE c._submission IN ({any_row})"
        f" GROUP BY c._submission HAVING {' OR '.join(bounds)}"
    )


def braces_kept(query: str) -> str:
    """The query as Great Expectations' formatting takes it: `{batch}` alone is to be filled in."""
    return query.replace("{", "{{").replace("}", "}}").replace("{{batch}}", "{batch}")


def left_out(query: str, submissions: Sequence[str]) -> str:
    """The query without the rows of these submissions (32 hex digits each)."""
    if not submissions:
        return query
    listed = ", ".join(f"'{submission}'" for submission in submissions)
    return f"SELECT found.* FROM ({query}) AS found WHERE found._submission NOT IN ({listed})"


def _configuration(
    rule: Rule, tables: Sequence[str], without: Sequence[str]
) -> ExpectationConfiguration:
    type_, kwargs = rule.type, dict(rule.kwargs)
    if type_ == QUERY:
        type_ = COUNT_UNEXPECTED
        query = left_out(kwargs["unexpected_rows_query"], without)
        kwargs = {"unexpected_rows_query": braces_kept(query)}
    elif type_ == ROW_COUNT:
        type_ = COUNT_UNEXPECTED
        query = row_count_query(tables, kwargs.get("min_value"), kwargs.get("max_value"))
        kwargs = {"unexpected_rows_query": query}
    return ExpectationConfiguration(
        type=type_,
        kwargs=kwargs,
        severity=FailureSeverity(rule.severity),
        meta={"code": rule.meta.code},
        # Great Expectations drops a rule that differs from another in its `meta` alone.
        description=f"{rule.meta.code}: {rule.meta.message}",
    )


def _every(needs: Sequence[str]) -> tuple[str, ...]:
    return ()


def expectations_of(
    ruleset: Ruleset,
    table: str,
    rows: int,
    without: Callable[[Sequence[str]], Sequence[str]] = _every,
) -> ExpectationSuite:
    """The suite of one table, with the number of rows it must have as its first expectation.

    `without` gives the submissions that a rule with such `needs` is not applied to.

    Needs a current Great Expectations context, to which a suite belongs.

    Raises AuditFailed if Great Expectations would judge other rules than the suite's:
    `ExpectationSuite(expectations=...)` drops a type it does not know, and
    `add_expectation_configuration` replaces a rule of the same type on the same column.
    """
    count_rows = ExpectationConfiguration(
        type=COUNT_ROWS,
        kwargs={"value": rows},
        severity=FailureSeverity.CRITICAL,
        meta={"code": ROWS_CODE},
        description="Rows as the kernel wrote them",
    )
    rules = rules_of(ruleset, table)
    tables = [spec.name for spec in ruleset.spec.tables]
    made = ExpectationSuite(name=table)
    configurations = (
        _configuration(rule, tables, without(rule.meta.needs) if rule.meta.needs else ())
        for rule in rules
    )
    for configuration in (count_rows, *configurations):
        try:
            made.add_expectation(configuration.to_domain_obj())
        except (GreatExpectationsError, ValueError) as error:
            code = configuration.meta["code"] if configuration.meta else ""
            why = " ".join(str(error).split())
            raise AuditFailed(
                f"{table} {code}: Great Expectations refuses the rule: {why}"
            ) from error
    if len(made.expectations) != len(rules) + 1:
        raise AuditFailed(
            f"{table}: the suite has {len(rules)} rules, "
            f"Great Expectations took {len(made.expectations) - 1}"
        )
    return made


def queries_of(suite: ExpectationSuite) -> list[str]:
    """The queries of a suite's expectations, as Great Expectations will ask for their counts."""
    return [
        str(expectation.unexpected_rows_query)
        for expectation in suite.expectations
        if isinstance(expectation, ExpectNoUnexpectedRows)
    ]
