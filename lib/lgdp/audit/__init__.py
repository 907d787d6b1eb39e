"""The audit: Great Expectations judges a batch on Spark before it is published.

Importing a module of this room imports Great Expectations, which takes seconds: import it where
it is used, never at the start of a command.
"""

import os

# Read when Great Expectations is imported. Nothing about a batch leaves this machine.
os.environ["GX_ANALYTICS_ENABLED"] = "false"
