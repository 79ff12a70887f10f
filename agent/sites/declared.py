"""Finds what is declared in this folder: a new file with a Site in it is a new built-in platform."""

from collections.abc import Collection, Iterable
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
    return frozenset(n for s in known if fold(site.filing_name) not in (these := _names(s)) for n in these)


def platforms_called(known: Collection[Site]) -> dict[str, frozenset[str]]:
    """By what the back office calls platforms, folded, the ids of all that it may mean."""
    others = {site.id: names_of_others(site, known) for site in known}
    names = frozenset(n for site in known for n in _names(site))
    return {n: frozenset(s.id for s in known if may_be_called(s, n, others[s.id])) for n in names}


def may_be_called(site: Site, name: str | None, others: Collection[str]) -> bool:
    """True unless the back office means another platform by `name`; one that is gone has to be named as it is.

    `others` are names_of_others().
    """
    folded = fold(name or "")
    return folded in _names(site) if site.gone else folded not in others


def _names(site: Site) -> set[str]:
    return {fold(n) for n in (site.filing_name, *site.filing_aliases)}
