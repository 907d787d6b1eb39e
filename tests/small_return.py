"""A small configuration and small deliveries of `looked_after` for tests that run the whole job.

The project's own contract and code lists, with the suites cut down to a dozen rules, so that an
audit takes seconds. Every row is typed by hand.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
KEPT = {
    "child": ("LAC101", "LAC102"),
    "episode": ("LAC201", "LAC202", "LAC203"),
    "placement": ("LAC301", "LAC302"),
    "legal_reason": ("LAC402",),
}
FIFE, GLASGOW, ORKNEY = "S12000047", "S12000049", "S12000023"
PERIOD = "2023-24"


def write_conf(folder: Path) -> Path:
    """`folder/conf` and `folder/expectations` with `looked_after` alone; the folder comes back."""
    shutil.copytree(PROJECT / "conf", folder / "conf")
    for path in (folder / "conf" / "returns").iterdir():
        if path.name != "looked_after":
            shutil.rmtree(path)
    target = folder / "expectations" / "looked_after"
    target.mkdir(parents=True)
    for table, codes in KEPT.items():
        text = (PROJECT / "expectations" / "looked_after" / f"{table}.json").read_text()
        suite = json.loads(text)
        suite["expectations"] = [
            rule for rule in suite["expectations"] if rule["meta"]["code"] in codes
        ]
        (target / f"{table}.json").write_text(json.dumps(suite))
    return folder


@dataclass
class Delivery:
    """One council's files. Two children by default; each has one episode, placement and reason.

    `children` are (id, scn); `orphans` are child ids of episodes without a child.
    """

    council: str = FIFE
    period: str = PERIOD
    children: list[tuple[str, str]] = field(
        default_factory=lambda: [("A1", "123456789"), ("A2", "987654321")]
    )
    ends: dict[str, str] = field(default_factory=dict)
    starts: dict[str, str] = field(default_factory=dict)
    orphans: list[str] = field(default_factory=list)

    def write(self, inbox: Path) -> Path:
        """Write the four files into the inbox; the folder of the delivery comes back."""
        folder = inbox / "looked_after" / self.period / self.council
        folder.mkdir(parents=True, exist_ok=True)
        ids = [child for child, _ in self.children]
        everyone = [*ids, *self.orphans]
        start = {child: self.starts.get(child, "2023-09-01") for child in everyone}
        lines = {
            "child": ["local_authority,child_id,scn,date_of_birth,gender,ethnic_group,disability"]
            + [f"{self.council},{c},{scn},2012-05-17,F,01,0" for c, scn in self.children],
            "episode": ["child_id,episode_start,episode_end,current_care_plan,destination"]
            + [
                f"{c},{start[c]},{self.ends.get(c, '')},Yes,{'01' if c in self.ends else ''}"
                for c in everyone
            ],
            "placement": ["child_id,episode_start,placement_start,placement_end,placement_type"]
            + [f"{c},{start[c]},{start[c]},{self.ends.get(c, '')},01" for c in ids],
            "legal_reason": ["child_id,episode_start,reason_start,reason_end,legal_reason"]
            + [f"{c},{start[c]},{start[c]},{self.ends.get(c, '')},01" for c in ids],
        }
        for table, rows in lines.items():
            (folder / f"{table}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
        return folder
