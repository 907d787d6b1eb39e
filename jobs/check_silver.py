"""Check landed submissions into silver, audit them, publish what may be published.

    spark-submit --master spark://HOST:7077 --jars "$(ls .jars/*.jar | paste -sd,)" \
        --py-files dist/lgdp-0.1.0.zip jobs/check_silver.py --lake s3://lgdp/lake

Exit code: 0 done, 1 some submissions were rejected or held, 2 wrong use, 3 the platform failed.
"""

from __future__ import annotations

import sys

from lgdp.pipeline.job import job_arguments, run_job
from lgdp.pipeline.run import check_landed


def main() -> int:
    """Check what is landed and not yet checked; doing it again changes nothing."""
    return run_job(job_arguments(__doc__), check_landed)


if __name__ == "__main__":
    sys.exit(main())
