"""The command line: `lgdp`."""

from lgdp.cli.app import main

__all__ = ["main"]
