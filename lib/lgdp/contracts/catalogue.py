"""The catalogue: all contracts, councils and code lists of a configuration."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lgdp.config import ConfigLocation
from lgdp.contracts.codelist import load_code_lists
from lgdp.contracts.contract import Contract
from lgdp.contracts.contract_reader import load_contract, return_names
from lgdp.contracts.council import Councils, load_councils
from lgdp.contracts.reference import Reference, load_references
from lgdp.errors import ConfigurationError, Problem, UnknownCouncil, UnknownReturn


class Catalogue:
    """Contracts by name, the register of councils, and the reference tables."""

    def __init__(
        self,
        contracts: dict[str, Contract],
        councils: Councils,
        references: dict[str, Reference] | None = None,
    ) -> None:
        self.contracts = contracts
        self.councils = councils
        self.references = references or {}

    def contract(self, name: str) -> Contract:
        """The contract of that return; UnknownReturn lists those there are."""
        if name not in self.contracts:
            raise UnknownReturn(
                f"there is no return '{name}'; known are {', '.join(sorted(self.contracts))}"
            )
        return self.contracts[name]


FurtherProblems = Callable[[Contract], Iterable[Problem]]


def load_catalogue(
    location: ConfigLocation, only: str | None = None, further: FurtherProblems | None = None
) -> Catalogue:
    """Load every contract, or `only` one.

    Rows of reference tables are looked at when everything is loaded; with `only`, when a rule first
    needs them. Raises UnknownReturn for `only`, and ConfigurationError with all problems of all
    files at once.
    `further` says what else is wrong with a contract that could be read; it is asked only when
    something is wrong already, so that what a later stage would find is not found one by one.
    """
    problems: list[Problem] = []
    councils = load_councils(location.conf / "councils.csv", problems)
    codes = load_code_lists(location.conf / "codes", problems)
    references = load_references(location.conf / "reference", problems)
    contracts: dict[str, Contract] = {}
    for name in [only] if only else return_names(location):
        contract = load_contract(name, location, codes, references, problems)
        if contract is not None:
            contracts[name] = contract
            _check_owed_by(contract, councils, problems)
    for reference in () if only else references.values():
        _check_rows(reference, problems)
    if problems and further is not None:
        problems += [found for item in contracts.values() for found in further(item)]
    if problems:
        raise ConfigurationError(list(dict.fromkeys(problems)))
    return Catalogue(contracts, councils, references)


def _check_rows(reference: Reference, problems: list[Problem]) -> None:
    try:
        reference.read()
    except ConfigurationError as error:
        problems += error.problems


def _check_owed_by(contract: Contract, councils: Councils, problems: list[Problem]) -> None:
    try:
        councils.owing(contract.statutory_return.owed_by)
    except UnknownCouncil as error:
        file = f"conf/returns/{contract.name}/return.yaml"
        problems.append(Problem(file, "owed_by", str(error)))
