"""The only room that reads or writes Delta: one filesystem door, tables, logs, leases, queries."""
