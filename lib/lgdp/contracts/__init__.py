"""Contracts: what each return is, read from YAML into frozen typed objects; no data is read."""
