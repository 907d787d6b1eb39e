"""Each mistake in a spec or return is told in plain words, with its place."""
# ruff: noqa: E501  (texts are asserted whole)

from __future__ import annotations

from pathlib import Path

import pytest

from lgdp.errors import ConfigurationError
from tests.unit.contracts.small_conf import RETURN, SPEC, load


def problems_of(root: Path, **conf: object) -> list[str]:
    """What is wrong with a configuration, as it is shown, in order."""
    with pytest.raises(ConfigurationError) as caught:
        load(root, **conf)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("title: Children\n", "titel: Children\n", "tables.child.titel: is not a key that is known here"),
        ("defaults: {date_formats", "defaults: {date_format", "defaults.date_format: is not a key that is known here"),
        ("ALONE: {type: yes_no}", "NO: {type: yes_no}", "tables.visit.columns.False: is read as no text by YAML; put the name in quotation marks"),
        ("NOTE: {type: string}", "NOTE: string", "tables.visit.columns.NOTE: is not a mapping of keys"),
        ("NOTE: {type: string}", "MY NOTE: {type: string}", "tables.visit.columns.MY NOTE.name: 'MY NOTE' can't name a column; it starts with a letter and has no space or any of , ; { } ( ) = . ` \""),
        ("NOTE: {type: string}", "NOTE: {type: string, headers: [alone]}", "tables.visit: the heading 'alone' means both ALONE and NOTE"),
        ("MINUTES: {type: integer}", 'MINUTES: {type: "decimal(2,3)"}', "tables.visit.columns.MINUTES.type: 'decimal(2,3)' needs 0 <= scale <= precision <= 38 and precision > 0"),
        ("MINUTES: {type: integer}", "MINUTES: {type: code}", "tables.visit.columns.MINUTES: a code column names its code list in 'codes'"),
        ("MINUTES: {type: integer}", "MINUTES: {type: date, formats: [dd/yyyy]}", "tables.visit.columns.MINUTES: format 'dd/yyyy' means nothing for type date"),
        ("NOTE: {type: string}", "NOTE: {type: string, pattern: 'a(?=b)'}", "tables.visit.columns.NOTE.pattern: the regular expression a(?=b) uses (?=, which not every engine has"),
        ("NOTE: {type: string}", "NOTE: {type: string, pattern: 'a('}", "tables.visit.columns.NOTE.pattern: a( is not a regular expression: missing ), unterminated subpattern at position 1"),
        ("NOTE: {type: string}", "NOTE: {type: string, takes: 'a.*'}", "tables.visit.columns.NOTE.takes: a.* has not one group; put what is taken, only, in ( )"),
        ("NOTE: {type: string}", "NOTE: {type: string, takes: '(a)(b)'}", "tables.visit.columns.NOTE.takes: (a)(b) has not one group; put what is taken, only, in ( )"),
        ("NOTE: {type: string}", "NOTE: {type: string, takes: '(a'}", "tables.visit.columns.NOTE.takes: (a is not a regular expression: missing ), unterminated subpattern at position 0"),
        ("unit: Child\n", "unit: Kid\n", ": table visit names the XML unit 'Kid', which is not declared"),
        ("key: [ID]\n", "key: []\n", "tables.child: key names no column"),
        ("  visit:\n", "  previous_child:\n", ": the tables child and previous_child can't both be: rules read the second as the first of the period before"),
        ("  visit:\n", "  collection:\n", "tables.collection: collection is what rules call the collection; name the table otherwise"),
        ("parameters:", "identity: [{table: child, column: LA, says: council}]\nparameters:", ": identity names child.LA, which does not exist"),
        ("first: 2020-21", "first: 2020-22", "first: '2020-22' is not a period of this annual return (22 does not follow 2020); expected something like '2025-26'"),
        ("    columns:\n      ID", "    columnz:\n      ID", "tables.child.columns: is missing or empty"),
        ("parameters:", "first: 2021-22\nparameters:", "line 5: is not YAML: the key 'first' occurs twice"),
        ("xml: {root", "xml: {root: A, root", "line 4: is not YAML: the key 'root' occurs twice"),
        ("tables:", "tables: [", "line 8: is not YAML: did not find expected ',' or ']'"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_spec_is_told_with_its_place(
    before: str, after: str, expected: str, tmp_path: Path
) -> None:
    assert before in SPEC
    found = problems_of(tmp_path, specs={"2020-21": SPEC.replace(before, after, 1)})
    file = "conf/returns/care/2020-21.yaml"
    assert f"{file}{expected if expected.startswith(':') else ': ' + expected}" in found


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("frequency: annual", "frequency: yearly", "frequency: Input should be 'annual', 'quarterly', 'monthly', 'termly' or 'census'"),
        ("unit: individual\n", "", "unit: is missing"),
        ("formats: [csv, xml, xlsx]", "formats: []", "formats: names no format; a return has at least one"),
        ("closes: {months: 2}", "closes: {days: 2}", "window: closes comes before due"),
        ("frequency: annual\n", "frequency: annual\nyear_starts: 02-30\n", "year_starts: '02-30' is not a day of every year (MM-dd)"),
        ("frequency: annual\n", "frequency: annual\ntracked_from: \"2021\"\n", "tracked_from: '2021' is not a period of this annual return (the text has another form); expected something like '2025-26'"),
        ("owed_by: scotland", "owed_by: [S12000005, S12000001]", "owed_by: 'S12000001' is not a council that is known; did you mean Fife or Clackmannanshire or Perth and Kinross?"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_return_is_told_with_its_place(
    before: str, after: str, expected: str, tmp_path: Path
) -> None:
    found = problems_of(tmp_path, ret=RETURN.replace(before, after, 1))
    assert found == [f"conf/returns/care/return.yaml: {expected}"]
