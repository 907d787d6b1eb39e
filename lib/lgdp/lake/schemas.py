"""The declared schemas of the platform's own tables, and of the tables of a return.

Every column may be null as far as Delta knows: a column added in a later year is null in the files
of earlier ones. Timestamps are UTC, in microseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa

EVENTS = "control/events"
RUNS = "control/runs"
FILES = "control/files"
RELEASES = "control/releases"
LEASES = "control/leases"
SIGHTINGS = "control/sightings"
FAILURES = "quality/failures"
VALIDATIONS = "quality/validations"

# What the tables of a return, and the tables of the checks, are partitioned by.
RETURN_PARTITION = ("period",)
QUALITY_PARTITION = ("return", "period")

_TEXT = pa.string()
_AT = pa.timestamp("us", "UTC")

# Rows of a serial log: `seq` is the Delta version of the commit, `ordinal` the place in it.
SERIAL_COLUMNS = pa.schema([("seq", pa.int64()), ("ordinal", pa.int32())])

EVENTS_SCHEMA = pa.schema(
    [
        *SERIAL_COLUMNS,
        ("id", _TEXT),
        ("submission", _TEXT),
        ("return", _TEXT),
        ("period", _TEXT),
        ("council", _TEXT),
        ("event", _TEXT),
        ("actor", _TEXT),
        ("at", _AT),
        ("detail", _TEXT),  # a JSON object
    ]
)

LEASES_SCHEMA = pa.schema(
    [
        *SERIAL_COLUMNS,
        ("name", _TEXT),
        ("lease", _TEXT),  # one holding, from taking to release
        ("action", _TEXT),  # taken, renewed, released
        ("host", _TEXT),
        ("machine", _TEXT),  # tells two containers of one host name apart
        ("pid", pa.int64()),
        ("started", pa.float64()),  # of the process, seconds since 1970
        ("who", _TEXT),
        ("purpose", _TEXT),
        ("since", _AT),
        ("until", _AT),
    ]
)

RUNS_SCHEMA = pa.schema(
    [
        ("run", _TEXT),
        ("stage", _TEXT),
        ("started", _AT),
        ("ended", _AT),
        ("actor", _TEXT),
        ("host", _TEXT),
        ("versions", _TEXT),  # a JSON object, name of software to version
        ("configuration", _TEXT),  # a JSON object, the whole of it
        ("configuration_digest", _TEXT),
    ]
)

FILES_SCHEMA = pa.schema(
    [
        ("digest", _TEXT),
        ("name", _TEXT),
        ("bytes", pa.int64()),
        ("media_type", _TEXT),
        ("encoding", _TEXT),
        ("received_at", _AT),
        ("origin", _TEXT),
        ("submission", _TEXT),
    ]
)

RELEASES_SCHEMA = pa.schema(
    [
        ("release", _TEXT),
        ("table", _TEXT),
        ("version", pa.int64()),
        ("made_from", pa.list_(pa.struct([("submission", _TEXT), ("ruleset", _TEXT)]))),
        ("ledger", pa.int64()),  # the version of the ledger it was made at
        ("at", _AT),
        ("actor", _TEXT),
    ]
)

SIGHTINGS_SCHEMA = pa.schema(
    [
        *SERIAL_COLUMNS,
        ("place", _TEXT),
        ("stamp", _TEXT),  # what the place says of its content: entity tag, size, time
        ("digest", _TEXT),
        ("bytes", pa.int64()),
        ("media_type", _TEXT),
        ("seen_at", _AT),
    ]
)

FAILURES_SCHEMA = pa.schema(
    [
        ("submission", _TEXT),
        ("ruleset", _TEXT),
        ("table", _TEXT),
        ("file", _TEXT),
        ("row", pa.int64()),
        ("key", _TEXT),
        ("code", _TEXT),
        ("severity", _TEXT),
        ("column", _TEXT),
        ("value", _TEXT),
        ("message", _TEXT),
        ("consequence_of", _TEXT),  # null, or `table:row`
        ("return", _TEXT),
        ("period", _TEXT),
    ]
)

VALIDATIONS_SCHEMA = pa.schema(
    [
        ("batch", _TEXT),
        ("ruleset", _TEXT),
        ("table", _TEXT),
        ("code", _TEXT),
        ("expectation", _TEXT),
        ("severity", _TEXT),
        ("kernel_count", pa.int64()),
        ("audit_count", pa.int64()),
        ("agree", pa.bool_()),
        ("problem", _TEXT),  # why the rule could not be run, else null
        ("at", _AT),
        ("return", _TEXT),
        ("period", _TEXT),
    ]
)

_PLACE = (("_row", pa.int64()), ("_file", _TEXT), ("_submission", _TEXT), ("_council", _TEXT))
_AS_SENT = (("_extra", pa.map_(_TEXT, _TEXT)), ("_raw", _TEXT), ("_defect", _TEXT))
_PERIOD = ("period", _TEXT)


def bronze_schema(columns: Iterable[str]) -> pa.Schema:
    """A bronze table: the contract's columns as sent, what nobody declared, and the place."""
    return pa.schema([*((name, _TEXT) for name in columns), *_AS_SENT, *_PLACE, _PERIOD])


def silver_schema(columns: Mapping[str, pa.DataType]) -> pa.Schema:
    """A silver table: the contract's columns typed, the place, and the ruleset they meet."""
    return pa.schema([*columns.items(), *_PLACE, ("_ruleset", _TEXT), _PERIOD])


def quarantine_schema(columns: Iterable[str]) -> pa.Schema:
    """A quarantine table: the row as in bronze, with the codes of what kept it out of silver."""
    codes = ("_codes", pa.list_(_TEXT))
    sent = ((name, _TEXT) for name in columns)
    return pa.schema([*sent, *_AS_SENT, *_PLACE, codes, ("_ruleset", _TEXT), _PERIOD])
