"""Bring the gold supersets up to date with what is current, as one release.

    spark-submit --master spark://HOST:7077 --jars "$(ls .jars/*.jar | paste -sd,)" \
        --py-files dist/lgdp-0.1.0.zip jobs/build_gold.py --lake s3://lgdp/lake

Exit code: 0 done, 2 wrong use, 3 the platform failed or another driver holds the gold lease.
"""

from __future__ import annotations

import sys

from lgdp.pipeline.job import job_arguments, run_job
from lgdp.pipeline.run import build


def main() -> int:
    """Rewrite only what the changed councils and periods touch."""
    return run_job(job_arguments(__doc__), build)


if __name__ == "__main__":
    sys.exit(main())
