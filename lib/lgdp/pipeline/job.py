"""What every spark-submit entry point has in common: arguments, the platform, exit codes."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from lgdp.config import load_settings, locate
from lgdp.contracts.catalogue import load_catalogue
from lgdp.errors import LgdpError
from lgdp.pipeline.platform import Platform, open_platform
from lgdp.pipeline.reports import RunReport
from lgdp.pipeline.run import Engine
from lgdp.pipeline.spark_scheduler import SparkScheduler
from lgdp.pipeline.spark_session import SessionInBackground
from lgdp.pipeline.validation import validate_rules

DOCS = "LGDP_DOCS"


def job_arguments(description: str | None, inbox: bool = False) -> argparse.Namespace:
    """Arguments of a job; argparse ends with code 2 on wrong use."""
    parser = argparse.ArgumentParser(description=(description or "").partition("\n")[0])
    if inbox:
        parser.add_argument("--inbox", required=True, help="folder or prefix of deliveries")
    lake = os.environ.get("LGDP_LAKE")
    parser.add_argument("--lake", default=lake, required=lake is None, help="where the lake is")
    parser.add_argument("--conf", type=Path, help="folder with contracts")
    parser.add_argument("--settings", default="cluster.yaml", help="settings file in conf")
    parser.add_argument("--docs", type=Path, default=Path(os.environ.get(DOCS, "data-docs")))
    return parser.parse_args()


def run_job(arguments: argparse.Namespace, stage: Callable[[Platform, Engine], RunReport]) -> int:
    """Open everything, run one stage on Spark, print its report as JSON; the exit code."""
    try:
        location = locate(arguments.conf)
        settings = load_settings(location.conf / arguments.settings)
        catalogue = load_catalogue(location)
        validate_rules(catalogue)
        platform = open_platform(location, settings, catalogue, arguments.lake)
        session = SessionInBackground(settings.spark)
        engine = Engine(SparkScheduler(session.get()), session, arguments.docs)
        report = stage(platform, engine)
        sys.stdout.write(json.dumps(report.as_json()) + "\n")
        return report.exit_code
    except LgdpError as error:
        sys.stderr.write(f"lgdp: {error}\n")
        return error.exit_code
