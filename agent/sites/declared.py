"""Finds what is declared in this folder: a new file with a Site in it is a new built-in platform."""

from collections.abc import Iterable
from importlib import import_module
from pkgutil import iter_modules

from agent.domain.text import fold
from agent.sites.site import Site


def declared(folders: Iterable[str]) -> dict[str, Site]:
    """Every Site in the files of these folders, by its id."""
    modules = (import_module(f"agent.sites.{found.name}") for found in iter_modules(folders))
    return {value.id: value for module in modules for value in vars(module).values() if isinstance(value, Site)}


def names_of_others(site: Site, known: Iterable[Site]) -> frozenset[str]:
    """What the back office calls all platforms but `site`, folded; a name that it shares with one is its own."""
    names = [{fold(n) for n in (s.filing_name, *s.filing_aliases)} for s in known]
    return frozenset(n for these in names if fold(site.filing_name) not in these for n in these)
