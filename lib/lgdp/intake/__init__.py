"""Intake: bytes as sent to Arrow tables of strings. Nothing is judged here beyond being readable."""
