"""Land an inbox into bronze on a cluster.

    spark-submit --master spark://HOST:7077 --jars "$(ls .jars/*.jar | paste -sd,)" \
        --py-files dist/lgdp-0.1.0.zip jobs/land_bronze.py --inbox /data/inbox --lake s3://lgdp/lake

Exit code: 0 done, 1 some deliveries could not be placed, 2 wrong use, 3 the platform failed.
"""

from __future__ import annotations

import sys

from lgdp.pipeline.job import job_arguments, run_job
from lgdp.pipeline.run import land_inbox


def main() -> int:
    """Land what is new; doing it again changes nothing."""
    arguments = job_arguments(__doc__, inbox=True)
    return run_job(
        arguments, lambda platform, engine: land_inbox(platform, arguments.inbox, engine)
    )


if __name__ == "__main__":
    sys.exit(main())
