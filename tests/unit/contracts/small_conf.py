"""A small configuration written by hand, for tests that bend it: one return, `care`, two tables.

`child` (key `ID`) and `visit` (key `ID`, `SEEN`), sent as CSV, XML or XLSX for years from 2020-21.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lgdp.config import ConfigLocation
from lgdp.contracts.catalogue import Catalogue, load_catalogue
from lgdp.contracts.contract import Contract

RETURN = """\
title: Visits to children in care
register_number: 001-00
body: Nobody
purpose: To try things.
legal_basis: none
unit: individual
sensitivity: personal
frequency: annual
window:
  due: {months: 1}
  closes: {months: 2}
  locked: {months: 3}
owed_by: scotland
formats: [csv, xml, xlsx]
recipients: [Nobody]
policy: {publish_up_to: has errors, nil: allowed}
sources: [this test]
"""

SPEC = """\
first: 2020-21
description: The first year.
defaults: {date_formats: [dd/MM/yyyy]}
xml: {root: Care, units: [Child]}
parameters: {most_visits: 3}
tables:
  child:
    title: Children
    key: [ID]
    columns:
      ID: {type: string, required: true, upper: true}
      BORN: {type: date, required: true, published: {type: "102"}}
      COLOUR: {type: code, codes: colour, headers: [Favourite colour]}
      WEIGHT: {type: "decimal(5,2)"}
    xml: {unit: Child, columns: {ID: Id, BORN: Born, COLOUR: Colour, WEIGHT: Weight}}
  visit:
    title: Visits
    key: [ID, SEEN]
    columns:
      ID: {type: string, required: true, upper: true}
      SEEN: {type: date, required: true}
      ALONE: {type: yes_no}
      MINUTES: {type: integer}
      NOTE: {type: string}
    xml:
      unit: Child
      record: Visits/Visit
      columns: {ID: /Id, SEEN: Seen, ALONE: Alone, MINUTES: Minutes, NOTE: Note}
"""

CODES = {
    "index": "list,status,source,licence,note\ncolour,illustrative,this test,none,\n",
    "colour": "code,label,valid_from,valid_to\n"
    "RED,Red,,\nBLUE,Blue,2020/21,2021/22\nGREEN,Green,2023,\n",
}

COUNCILS = """\
code,short,name,official_name,kind,sg_code,phs_code,former_codes,spellings
S12000005,CLK,Clackmannanshire,Clackmannanshire Council,scotland,150,06,,clackmannan
S12000047,FIF,Fife,Fife Council,scotland,250,16,S12000015,
S12000048,PKC,Perth and Kinross,Perth & Kinross Council,scotland,340,25,S12000024|S12000099,Perthsh
EX0000975,EX1,Example,Example Authority,example,975,,,
"""

Rules = Sequence[Mapping[str, Any]]


def rule(
    type_: str, code: str = "R1", severity: str = "critical", message: str = "m", **kwargs: Any
) -> dict[str, Any]:
    """One expectation as it stands in a suite; `meta_*` arguments go to its meta."""
    meta = {"code": code, "message": message}
    meta |= {key[5:]: kwargs.pop(key) for key in list(kwargs) if key.startswith("meta_")}
    return {"type": type_, "kwargs": kwargs, "severity": severity, "meta": meta}


def query(sql: str, code: str = "R1", severity: str = "critical", **more: Any) -> dict[str, Any]:
    """A query rule."""
    kind = "unexpected_rows_expectation"
    return rule(kind, code, severity, unexpected_rows_query=sql, **more)


def write_conf(
    root: Path,
    *,
    ret: str = RETURN,
    specs: Mapping[str, str] | None = None,
    suites: Mapping[str, Rules | str] | None = None,
    codes: Mapping[str, str] | None = None,
    councils: str = COUNCILS,
    reference: Mapping[str, str] | None = None,
) -> ConfigLocation:
    """Write `conf/` and `expectations/` below `root`.

    A suite is its rules, or its whole text; `reference` has files of that folder by name.
    """
    conf, expectations = root / "conf", root / "expectations"
    texts = {"return": ret, **({"2020-21": SPEC} if specs is None else specs)}
    files = {conf / "returns" / "care" / f"{name}.yaml": text for name, text in texts.items()}
    files |= {conf / "codes" / f"{name}.csv": text for name, text in (codes or CODES).items()}
    files[conf / "councils.csv"] = councils
    files |= {conf / "reference" / name: text for name, text in (reference or {}).items()}
    for table, rules in (suites or {}).items():
        suite = {"name": f"care.{table}", "expectations": rules, "meta": {}}
        text = rules if isinstance(rules, str) else json.dumps(suite)
        files[expectations / "care" / f"{table}.json"] = text
    expectations.mkdir(parents=True, exist_ok=True)
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return ConfigLocation(conf, expectations)


def load(root: Path, **conf: Any) -> Catalogue:
    """The catalogue of a configuration written by `write_conf`."""
    return load_catalogue(write_conf(root, **conf))


def care(root: Path, **conf: Any) -> Contract:
    """The contract of `care`."""
    return load(root, **conf).contract("care")
