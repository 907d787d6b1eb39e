"""The stages in order, and the two schedulers that run them: processes on one machine, or Spark."""
