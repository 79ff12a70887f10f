"""A platform and the back office as a recording holds them: what the settings said of them when it was made."""

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from agent.domain.accounts import SiteId
from agent.domain.deadlines import RefundRule
from agent.domain.orders import OrderStatus
from agent.sites import BUILT_IN, BackOffice, Site

_PLAIN = (
    *("title", "login_url", "orders_url", "services", "filing_name", "filing_aliases", "currency", "confirms"),
    *("merchant_as_shop", "number_after_confirm", "statuses", "headings", "confirm_words", "empty_words", "network"),
)


def site_to_json(site: Site) -> dict[str, Any]:
    """What tells the platform from the built-in one of its id; of one without, all that a look needs."""
    base = BUILT_IN.get(site.id)
    told = {name: _plain(getattr(site, name)) for name in _PLAIN if base is None or _differs(site, base, name)}
    if base is None or site.number != base.number:
        told["number"] = site.number.pattern if site.number is not None else None
    if base is None or site.rule != base.rule:
        told["rule"] = str(site.rule) if site.rule is not None else None
    return told


def site_from_json(site_id: SiteId, told: Mapping[str, Any]) -> Site:
    """The reverse, by what is declared of the platform now. Raise KeyError or ValueError if too little is told."""
    given = {name: _tuples(value) for name, value in told.items() if name in _PLAIN}
    if "statuses" in given:
        given["statuses"] = {word: OrderStatus(status) for word, status in told["statuses"].items()}
    if "number" in told:
        given["number"] = re.compile(told["number"]) if told["number"] is not None else None
    if "rule" in told:
        given["rule"] = RefundRule.parse(told["rule"]) if told["rule"] is not None else None
    base = BUILT_IN.get(site_id)
    return Site(id=site_id, **given) if base is None else replace(base, **given)


def back_office_to_json(back_office: BackOffice) -> dict[str, Any]:
    """Its addresses."""
    left_out = {"certainty"}
    return {f.name: _plain(getattr(back_office, f.name)) for f in fields(back_office) if f.name not in left_out}


def back_office_from_json(told: Mapping[str, Any]) -> BackOffice:
    """The reverse."""
    return BackOffice(**{name: _tuples(value) for name, value in told.items()})


def _differs(site: Site, base: Site, name: str) -> bool:
    return bool(getattr(site, name) != getattr(base, name))


def _plain(value: Any) -> Any:  # noqa: ANN401 - of many types, for JSON
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, tuple) else value


def _tuples(value: Any) -> Any:  # noqa: ANN401 - likewise
    if isinstance(value, dict):
        return {name: _tuples(inner) for name, inner in value.items()}
    return tuple(_tuples(inner) for inner in value) if isinstance(value, list) else value
