"""The catalogue: all contracts, councils and code lists of a configuration."""

from __future__ import annotations

from lgdp.config import ConfigLocation
from lgdp.contracts.codelist import load_code_lists
from lgdp.contracts.contract import Contract, load_contract
from lgdp.contracts.council import Councils, load_councils
from lgdp.errors import ConfigurationError, Problem, UnknownReturn


class Catalogue:
    """Contracts by name, and the register of councils."""

    def __init__(self, contracts: dict[str, Contract], councils: Councils) -> None:
        self.contracts = contracts
        self.councils = councils

    def contract(self, name: str) -> Contract:
        """The contract of that return; UnknownReturn lists those there are."""
        if name not in self.contracts:
            raise UnknownReturn(
                f"there is no return '{name}'; known are {', '.join(sorted(self.contracts))}"
            )
        return self.contracts[name]


def load_catalogue(location: ConfigLocation, only: str | None = None) -> Catalogue:
    """Load every contract, or `only` one. Raises ConfigurationError with all problems of all files at once."""
    problems: list[Problem] = []
    councils = load_councils(location.conf / "councils.csv", problems)
    codes = load_code_lists(location.conf / "codes", problems)
    names = (
        [only]
        if only
        else sorted(path.parent.name for path in location.conf.glob("returns/*/return.yaml"))
    )
    loaded = {name: load_contract(name, location, codes, problems) for name in names}
    if problems:
        raise ConfigurationError(problems)
    return Catalogue(
        {name: contract for name, contract in loaded.items() if contract is not None}, councils
    )
