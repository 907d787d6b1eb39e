"""Reference tables in the lake: one file for each content, put there before it is needed."""

from __future__ import annotations

from lgdp.contracts.ruleset import Ruleset
from lgdp.pipeline.platform import Platform
from lgdp.pipeline.rule_cache import ready_reference
from lgdp.scratch import scratch_folder


class ReferenceFiles:
    """The files of reference tables in one lake, each looked for once."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._there: set[str] = set()

    def of(self, ruleset: Ruleset) -> dict[str, str]:
        """Paths in the lake of the reference tables that a ruleset names, by name.

        Files that are not there are put there. Raises ConfigurationError if a table is wrong.
        """
        paths = {
            name: f"reference/{name}/{shape.digest[:32]}.parquet"
            for name, shape in ruleset.reference.items()
        }
        for name, path in paths.items():
            if path not in self._there:
                self._put(name, path)
        return paths

    def _put(self, name: str, path: str) -> None:
        if not self._platform.door.exists(path):
            with scratch_folder("reference") as folder:
                made = ready_reference(self._platform.catalogue.references[name], folder)
                self._platform.door.put(made, path)
        self._there.add(path)
