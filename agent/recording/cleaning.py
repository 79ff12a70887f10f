"""Cleans what was recorded: everything that identifies or gives access is replaced, what is left is looked through."""

import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from agent.domain.redaction import Redactor
from agent.recording.disguise import Disguise
from agent.recording.exchange import Exchange
from agent.recording.kinds import Kind
from agent.recording.personal import found_in_answer, found_in_data, found_in_form, found_in_text
from agent.recording.pictures import blank, without_pictures

_ROUNDS = 4
_MOST_FONT = 300_000
_INTEGRITY = re.compile(r"""\s(?:integrity|nonce)=(?:"[^"]*"|'[^']*')""")
# Kinds that are looked for again at the end; names and numbers are what people look through in the listing.
_SURE = (Kind.TOKEN, Kind.PHONE, Kind.EMAIL, Kind.ID_CARD, Kind.PASSWORD, Kind.BANK_ACCOUNT)


@dataclass(frozen=True, slots=True)
class Left:
    """Something that looks like a secret and was not replaced: what kind, and where. Not the secret itself."""

    kind: str
    where: str


@dataclass(frozen=True, slots=True)
class Raw:
    """What was recorded, as it is: the answers, and what is known besides (`facts`, as JSON has it)."""

    exchanges: tuple[Exchange, ...]
    facts: dict[str, Any]


def cleaned(raw: Raw, disguise: Disguise) -> Raw:
    """The same with everything replaced that `disguise` holds by then and that is found on the way."""
    now = Raw(tuple(each for e in raw.exchanges if (each := _bare(e)) is not None), raw.facts)
    for _ in range(_ROUNDS):
        found = [(k, v) for k, v in _found(now) if not disguise.is_made(v)]
        if not found:
            break
        # Short names first: longer ones that hold them are made of them.
        for kind, value in sorted({*found}, key=lambda each: (len(each[1]), each)):
            disguise.add(kind, value)
        now = Raw(tuple(_replaced(e, disguise) for e in now.exchanges), _each(now.facts, disguise))
    return Raw(tuple(_replaced(e, disguise) for e in now.exchanges), _each(now.facts, disguise))


def left_in(clean: Raw, disguise: Disguise, secrets: Collection[str]) -> list[Left]:
    """What still looks like a secret: one of the `secrets` in whatever spelling, or something of the shape of one."""
    redactor = Redactor(whole_numbers=True)
    for secret in secrets:
        if len(secret.strip()) >= _SHORTEST:
            redactor.add(secret)
            redactor.add(secret.encode().hex())
            redactor.add(secret.encode().hex().upper())
            redactor.add(secret[::-1])
    left = [Left("secret of the ledger", where) for where, text in _texts(clean) if redactor.mask(text) != text]
    left += [Left(kind.value, where) for where, kind in _of_a_shape(clean, disguise)]
    return list(dict.fromkeys(left))


_SHORTEST = 4


def _of_a_shape(clean: Raw, disguise: Disguise) -> Iterator[tuple[str, Kind]]:
    for exchange in clean.exchanges:
        for kind, value in _found_in(exchange):
            if kind in _SURE and not disguise.is_made(value) and value not in disguise.keep:
                yield _short(exchange.address), kind


def _bare(exchange: Exchange) -> Exchange | None:
    """An answer without what a page can be drawn without; None if that is all of it."""
    exchange, mime = exchange.without_the_rest(), exchange.mime
    body = exchange.body
    if isinstance(body, str):
        text = without_pictures(body)
        return replace(exchange, body=_INTEGRITY.sub("", text) if "html" in mime else text)
    if mime.startswith("image/"):
        return replace(exchange, body=blank(body), headers={"content-type": "image/png"})
    is_font = "font" in mime or re.search(r"\.(woff2?|ttf|otf)(\?|$)", exchange.address) is not None
    return exchange if is_font and len(body) <= _MOST_FONT else replace(exchange, body=b"")


def _found(raw: Raw) -> Iterator[tuple[Kind, str]]:
    yield from found_in_data(raw.facts)
    for exchange in raw.exchanges:
        yield from _found_in(exchange)


def _found_in(exchange: Exchange) -> Iterator[tuple[Kind, str]]:
    parts = urlsplit(exchange.address)
    yield from found_in_text(f"{parts.path}?{parts.query}#{parts.fragment}")
    yield from found_in_form(parts.query)
    yield from found_in_answer(exchange.posted, "")
    yield from found_in_text(f"&{exchange.posted}")
    yield from found_in_form(exchange.posted)
    yield from found_in_text(exchange.headers.get("location", ""))
    if isinstance(exchange.body, str):
        yield from found_in_answer(exchange.body, exchange.mime)


def _replaced(exchange: Exchange, disguise: Disguise) -> Exchange:
    where = _short(exchange.address)
    body = disguise.replace(exchange.body, where) if isinstance(exchange.body, str) else exchange.body
    return replace(
        exchange,
        address=disguise.replace(exchange.address, "address"),
        posted=disguise.replace(exchange.posted, f"sent to {where}"),
        headers={n: disguise.replace(v, "header") for n, v in exchange.headers.items()},
        body=body,
    )


def _each(told: Any, disguise: Disguise) -> Any:  # noqa: ANN401 - JSON
    if isinstance(told, str):
        return disguise.replace(told, "recording.json")
    if isinstance(told, dict):
        return {disguise.replace(name): _each(inner, disguise) for name, inner in told.items()}
    return [_each(inner, disguise) for inner in told] if isinstance(told, list) else told


def _texts(clean: Raw) -> Iterator[tuple[str, str]]:
    """All that is to be written, piece by piece, and where each stands."""
    yield "recording.json", json.dumps(clean.facts, ensure_ascii=False)
    for exchange in clean.exchanges:
        where = _short(exchange.address)
        body = exchange.body if isinstance(exchange.body, str) else exchange.body.decode("latin-1")
        for text in (exchange.address, exchange.posted, body, *exchange.headers.values()):
            yield where, text


def _short(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.netloc}{parts.path}"


def known_first(names: Iterable[tuple[Kind, str]], disguise: Disguise) -> None:
    """Add what is known of an account, short texts first, so that longer ones are made of them."""
    for kind, value in sorted({*names}, key=lambda each: (len(each[1]), each)):
        disguise.add(kind, value)
