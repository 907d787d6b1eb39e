"""Every error the platform raises. One class per kind; `exit_code` is what a command ends with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong with the configuration: the file, the place in it, and what to do."""

    file: str
    key: str
    message: str

    def __str__(self) -> str:
        return (
            f"{self.file}: {self.key}: {self.message}"
            if self.key
            else f"{self.file}: {self.message}"
        )


class LgdpError(Exception):
    """Root of all errors of the platform; on its own it means that the platform failed."""

    exit_code = 3


class UsageError(LgdpError):
    """A command was called with arguments that do not make sense together."""

    exit_code = 2


class StillArriving(UsageError):
    """A file is still being copied, or was written to while it was read; take it later."""


class FetchFailed(LgdpError):
    """A file could not be fetched from a council's address; the next pull tries again."""

    exit_code = 1


class ConfigurationError(LgdpError):
    """Contracts, suites or settings are wrong. Carries every problem found, sorted."""

    exit_code = 2

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        count = len(self.problems)
        head = f"{count} problem{'s' if count != 1 else ''} in the configuration:"
        super().__init__("\n".join([head, *(f"  {problem}" for problem in self.problems)]))


class ChangeDoesNotFit(LgdpError):
    """A change of a yearly diff names something that is not there, or is there already."""

    exit_code = 2


class UnknownReturn(UsageError):
    """A return that has no contract was named."""


class UnknownCouncil(UsageError):
    """A council was named by a code or spelling that the register of councils does not hold."""


class UnknownPeriod(UsageError):
    """A period could not be read, or does not fit the return's frequency or first year."""


class FileRejected(LgdpError):
    """A file cannot be read as a table of its return; intake turns it into a failure."""

    exit_code = 1

    def __init__(self, code: str, message: str, row: int | None = None) -> None:
        self.code = code
        self.message = message
        self.row = row
        super().__init__(f"{code}: {message}")


class RuleError(LgdpError):
    """A rule that loaded could not be run."""


class LakeError(LgdpError):
    """A lake location cannot be read or written, or holds something unexpected."""


class ConcurrentWrite(LakeError):
    """Another writer committed first; read again and retry."""


class RowsLost(LakeError):
    """Rows in a file do not equal silver plus quarantine. Always a defect of the platform."""


class Refused(LgdpError):
    """The ledger does not allow this event in the state it finds."""

    exit_code = 1


class UnknownSubmission(UsageError):
    """No submission has this id, or a short id fits more than one."""


class LeaseHeld(LgdpError):
    """Another process holds the lease; the message says who, where and until when."""


class AuditFailed(LgdpError):
    """The audit could not be run (which is not the same as a batch it holds back)."""


class RuleMistake(LgdpError):
    """A rule is written wrongly; turned into a Problem that names suite and code.

    `place` is where in the rule's query: its first character and the one after its last.
    """

    exit_code = 2

    def __init__(self, message: str, place: tuple[int, int] | None = None) -> None:
        self.place = place
        super().__init__(message)


class LeaseLost(LakeError):
    """A lease ran out and another process took it over; nothing may be written any more."""
