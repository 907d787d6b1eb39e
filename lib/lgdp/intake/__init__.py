"""Intake: bytes as sent to Arrow tables of strings; nothing is judged beyond being readable."""
