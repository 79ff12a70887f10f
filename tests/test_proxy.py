"""The way from a page to the network: what passes, what does not, and that nothing is sent twice."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest

from agent.browser.proxy import LOST, open_proxy

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@asynccontextmanager
async def site(talk: Talk) -> AsyncIterator[str]:
    """A server that does with each connection what `talk` says, and then closes it."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await talk(reader, writer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


class Saying:
    """Answers every request with the same bytes. `heard` are the heads and bodies of what was asked."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.heard: list[tuple[str, bytes]] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = re.search(r"content-length: (\d+)", head, re.IGNORECASE)
        self.heard.append((head, await reader.readexactly(int(length[1]) if length else 0)))
        writer.write(self.answer)
        await writer.drain()


@asynccontextmanager
async def client(allows: Callable[[str], bool] = lambda _: True) -> AsyncIterator[httpx.AsyncClient]:
    async with open_proxy(allows) as address, httpx.AsyncClient(proxy=address, trust_env=False) as one:
        yield one


async def test_what_is_asked_reaches_the_site_as_it_was() -> None:
    shop, body = Saying(PLAIN), b"\x00\xff" * 200_000
    async with site(shop) as address, client() as browser:
        headers = {"Authorization": "Bearer x", "Cookie": "a=b"}
        answer = await browser.post(f"{address}/a/b?c=d//e", content=body, headers=headers)
    ((head, heard),) = shop.heard
    assert head.startswith("POST /a/b?c=d//e HTTP/1.1\r\n")
    assert "authorization: bearer x\r\n" in head.lower()
    assert "cookie: a=b\r\n" in head.lower()
    assert "proxy-" not in head.lower()
    assert (heard, answer.status_code, answer.text) == (body, 200, "ok")


async def test_every_request_has_a_connection_of_its_own() -> None:
    shop = Saying(PLAIN)
    async with site(shop) as address, client() as browser:
        answers = [await browser.get(address) for _ in range(3)]
    assert [a.headers["connection"] for a in answers] == ["close"] * 3
    assert len(shop.heard) == 3


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\nContent-"], ids=["nothing", "half a head"])
async def test_a_write_without_an_answer_is_told_as_lost_and_sent_once(answer: bytes) -> None:
    shop = Saying(answer)
    async with site(shop) as address, client() as browser:
        told = await browser.post(address, content=b"x")
    assert (told.status_code, told.headers["proxy-status"], len(shop.heard)) == (502, LOST, 1)


async def test_a_read_without_an_answer_is_told_by_hanging_up() -> None:
    shop = Saying(b"")
    async with site(shop) as address, client() as browser:
        with pytest.raises(httpx.RemoteProtocolError):
            await browser.get(address)


async def test_a_write_to_a_host_that_cannot_be_reached_is_told_as_lost() -> None:
    async with site(Saying(PLAIN)) as address:
        pass  # closed by now
    async with client() as browser:
        assert (await browser.post(address)).headers["proxy-status"] == LOST


async def test_an_answer_that_ends_early_ends_early() -> None:
    async with site(Saying(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")) as address, client() as browser:
        with pytest.raises(httpx.RemoteProtocolError, match="complete message body"):
            await browser.post(address)


async def test_what_comes_before_an_answer_is_left_out() -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
    async with site(Saying(early + PLAIN)) as address, client() as browser:
        assert (await browser.get(address)).text == "ok"


async def test_what_is_not_allowed_is_not_asked() -> None:
    shop = Saying(PLAIN)
    async with site(shop) as address, client(lambda asked: "/private" not in asked) as browser:
        assert (await browser.get(f"{address}/private")).status_code == 403
        assert (await browser.get(f"{address}/public")).status_code == 200
    assert len(shop.heard) == 1


async def test_a_tunnel_leads_to_allowed_hosts_alone() -> None:
    shop = Saying(PLAIN)
    async with site(shop) as address, open_proxy(lambda asked: "127.0.0.1" in asked) as proxy:
        there, port = address.removeprefix("http://"), int(proxy.rsplit(":", 1)[1])
        texts = []
        for target in (there, there.replace("127.0.0.1", "localhost")):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"CONNECT {target} HTTP/1.1\r\n\r\n".encode())
            texts.append((await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")[0])
            writer.write(b"GET / HTTP/1.1\r\n\r\n")
            texts.append(await reader.read())
            writer.close()
    assert texts == [b"HTTP/1.1 200 OK", PLAIN, b"HTTP/1.1 403 Forbidden", b""]
    assert len(shop.heard) == 1


async def test_what_is_no_request_is_hung_up_on() -> None:
    async with open_proxy(lambda _: True) as proxy:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(proxy.rsplit(":", 1)[1]))
        writer.write(b"\x16\x03\x01 nonsense\r\n\r\n")
        assert await reader.read() == b""
        writer.close()


async def test_plain_http_goes_to_the_proxy_of_the_system_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = Saying(PLAIN)
    async with site(proxy) as address, client() as browser:
        monkeypatch.setenv("http_proxy", address.replace("http://", "http://us%40er:p@"))
        monkeypatch.setenv("no_proxy", "near.test")
        assert (await browser.get("http://far.test/x?y=1")).text == "ok"
        assert (await browser.post("http://near.test/x")).headers["proxy-status"] == LOST  # there is no such host
    ((head, _),) = proxy.heard
    assert head.startswith("GET http://far.test/x?y=1 HTTP/1.1\r\n")
    assert "\r\nProxy-Authorization: Basic dXNAZXI6cA==\r\n" in head


async def test_what_is_not_to_be_read_goes_through_a_tunnel_of_the_systems_proxy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    targets = []

    async def system(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        targets.append((await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")[0].decode())
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await Saying(PLAIN)(reader, writer)

    async with site(system) as address, open_proxy(lambda _: True) as proxy:
        monkeypatch.setenv("all_proxy", address.removeprefix("http://"))
        reader, writer = await asyncio.open_connection("127.0.0.1", int(proxy.rsplit(":", 1)[1]))
        writer.write(b"CONNECT far.test:443 HTTP/1.1\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        assert await reader.read() == PLAIN
        writer.close()
    assert targets == ["CONNECT far.test:443 HTTP/1.1"]


async def test_nothing_is_sent_while_the_lease_is_not_in_force() -> None:
    shop, held = Saying(PLAIN), [True]
    async with (
        site(shop) as address,
        open_proxy(lambda _: True, lambda: held[0]) as proxy,
        httpx.AsyncClient(proxy=proxy, trust_env=False) as browser,
    ):
        assert (await browser.post(address)).text == "ok"
        held[0] = False
        assert (await browser.post(address)).headers["proxy-status"] == LOST
        reader, writer = await asyncio.open_connection("127.0.0.1", int(proxy.rsplit(":", 1)[1]))
        writer.write(f"CONNECT {address.removeprefix('http://')} HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n".encode())
        assert b"ok" not in await reader.read()
        writer.close()
    assert len(shop.heard) == 1


async def test_with_its_block_it_ends_and_takes_what_is_under_way_along() -> None:
    heard = asyncio.Event()

    async def never(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        heard.set()
        assert await reader.read() == b""  # hung up on

    async with site(never) as address, open_proxy(lambda _: True) as proxy:
        port = int(proxy.rsplit(":", 1)[1])
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET {address}/ HTTP/1.1\r\n\r\n".encode())
        await heard.wait()
        writer.close()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)
