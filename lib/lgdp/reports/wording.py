"""The verdict in plain words, and what to do next and by when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from lgdp.reports.subject import Subject

REASONS_SHOWN = 5


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "row"), counted(1200, "query")
    ('1 row', '1,200 queries')
    """
    plural = f"{noun[:-1]}ies" if noun.endswith("ry") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def day_words(day: date) -> str:
    """A day as it is said: 31 July 2026."""
    return f"{day.day} {day:%B %Y}"


def verdict_paragraphs(subject: Subject, refusals: list[str]) -> Iterator[str]:
    """What the verdict means; `refusals` are the messages that reject the whole."""
    rows = sum(table.rows for table in subject.tables.values())
    out = sum(table.quarantine for table in subject.tables.values())
    if subject.verdict == "rejected":
        yield (
            "The delivery is rejected as a whole: none of its data is used, however much of it "
            f"may be right. The reason{'s are' if len(refusals) > 1 else ' is'}:"
        )
        yield from (f"• {text}" for text in refusals[:REASONS_SHOWN])
        if len(refusals) > REASONS_SHOWN:
            yield f"• and {len(refusals) - REASONS_SHOWN:,} more, in “Must fix”."
        return
    if subject.is_nil:
        yield "The delivery holds no rows: it says that there is nothing to report."
    elif out:
        all_of_them = out == rows
        yield (
            f"{counted(out, 'row')} of {rows:,} {'is' if out == 1 else 'are'} kept out, because "
            f"something in {'it' if out == 1 else 'them'} has to be right and is not. "
            f"{'Nothing is' if all_of_them else f'The other {rows - out:,} are'} accepted."
        )
    elif subject.errors:
        yield (f"No row is kept out, but {counted(subject.errors, 'thing')} must be put right.")
    else:
        yield (
            f"{'The one row is' if rows == 1 else f'All {rows:,} rows are'} accepted. "
            "There is nothing that must be fixed."
        )
    if subject.queries:
        yield (
            f"There {'is' if subject.queries == 1 else 'are'} {counted(subject.queries, 'query')}: "
            "data that is accepted, but looks odd. Each is either corrected or explained."
        )
    elif not subject.errors:
        yield "There is nothing to explain either."


def next_steps(subject: Subject) -> Iterator[str]:
    """What to do, one step after the other, and by when."""
    again = "send the whole delivery again, not only the rows that changed"
    if subject.verdict == "rejected":
        yield (
            "Look at “Must fix”. Lines without a row are about a file as a whole; begin with "
            "those, because other lines may go away with them."
        )
    elif subject.errors:
        yield (
            "Correct what is in “Must fix”, in the system that the data comes from if you can. "
            "A row that is kept out because of another one needs no change of its own."
        )
    if subject.queries:
        yield (
            "Go through “Explain”. Correct what is wrong. Where the data is right, write why "
            "in the column “Your explanation” and send this workbook back."
        )
    if subject.verdict == "rejected" or subject.errors:
        yield f"Then check the files once more (lgdp precheck), and {again}."
    elif subject.queries:
        yield f"If you corrected anything, {again}."
    elif subject.submission is None:
        yield "Send the files."
    else:
        yield "You need do nothing more."
    yield deadline_words(subject)


def deadline_words(subject: Subject) -> str:
    """By when, seen from today."""
    dates, today = subject.deadlines, subject.today
    due, locked = day_words(dates.due), day_words(dates.locked)
    if today <= dates.due:
        return (
            f"By when: the return is due on {due}. Until then you may send it as often as you like."
        )
    if today <= dates.locked:
        return (
            f"By when: as soon as you can. The return was due on {due}; what comes now is late, "
            f"but it is taken until {locked}."
        )
    return (
        f"By when: the collection was locked after {locked}. Ask {subject.body} before you send "
        "anything more."
    )
