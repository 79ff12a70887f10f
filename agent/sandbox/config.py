"""The settings and the merchants file that lead the program to a sandbox."""

import json
from collections.abc import Iterator

from agent.sandbox.core.model import Merchant, Shop

_ADDRESSES = ("login_url", "orders_url", "authorize_url")


def settings_toml(sites: dict[str, tuple[str, ...]], backoffice: tuple[str, str, str]) -> str:
    """`sites` has log-in, order list and authorisation by platform; `backoffice` log-in, filing and refund page."""
    names = ("login_url", "filing_url", "refund_url")
    lines = ["[backoffice]", *(_line(name, url) for name, url in zip(names, backoffice, strict=True)), ""]
    for platform, urls in sites.items():
        given = (_line(name, url) for name, url in zip(_ADDRESSES, urls, strict=True))
        lines += [f"[sites.{platform}]", *given, ""]
    return "\n".join(lines)


def merchants_toml(merchants: list[Merchant]) -> str:
    return "\n".join(line for merchant in merchants for line in _merchant(merchant))


def _merchant(merchant: Merchant) -> Iterator[str]:
    tables: list[tuple[str, dict[str, str]]] = [
        ("[[merchants]]", {"id": merchant.id, "name": merchant.name, "edition": merchant.edition}),
        (
            "[merchants.backoffice]",
            {"username": merchant.backoffice.username, "password": merchant.backoffice.password},
        ),
        (
            "[merchants.payee]",
            {"bank": merchant.payee.bank, "holder": merchant.payee.holder, "account": merchant.payee.account},
        ),
        *(("[[merchants.accounts]]", _account(shop)) for shop in merchant.shops.values()),
        *(("[[merchants.accounts]]", {"platform": platform}) for platform in merchant.gone),
    ]
    for heading, values in tables:
        yield heading
        yield from (_line(name, value) for name, value in values.items())
    yield ""


def _account(shop: Shop) -> dict[str, str]:
    login = shop.login
    return {"platform": shop.platform, "username": login.username, "password": login.password, "shop": shop.name}


def _line(name: str, value: str) -> str:
    return f"{name} = {json.dumps(value, ensure_ascii=False)}"  # a JSON string is a TOML string
