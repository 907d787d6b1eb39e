"""Checking one submission: Arrow and DuckDB, no Spark. `kernel.check` is the whole of it."""
