"""Contracts: what each return is, read from YAML into frozen typed objects. No data is read here."""
