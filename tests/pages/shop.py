"""A server of one page that keeps count of what is posted, and hangs up where it is told to."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

HEAD = "<th>订单编号<th>订购时间<th>服务名称<th>实付金额<th>状态"
ORDERS = (("339100000000001", "待确认"), ("339100000000002", "待确认"), ("339100000000003", "交易成功"))


class Shop:
    """`html` is what it answers to a GET. `posts` are the paths of what was posted, in order.

    What is posted to a path in `mute` is answered with nothing, what is asked of one in `broken` with a 500, and /away
    leads to `away`. `asked` is what was asked, as "GET /".
    """

    def __init__(self) -> None:
        self.html = ""
        self.posts: list[str] = []
        self.asked: list[str] = []
        self.away = ""
        self.drops = False
        self.mute: set[str] = set()
        self.broken: set[str] = set()
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._answer(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the browser has gone
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            method, path, _ = head.split(" ", 2)
            length = re.search(r"content-length: (\d+)", head, re.IGNORECASE)
            await reader.readexactly(int(length[1]) if length else 0)
            self.asked.append(f"{method} {path}")
            if method == "POST":
                self.posts.append(path)
                if self.drops:
                    writer.transport.abort()
                    return
            body = (self.html if method == "GET" else "操作成功").encode()
            if path == "/away":
                writer.write(f"HTTP/1.1 302 Found\r\nLocation: {self.away}\r\nContent-Length: 0\r\n\r\n".encode())
            elif path in self.broken:
                writer.write(b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n")
            else:
                writer.write(_answer(b"" if path in self.mute and method == "POST" else body))
            await writer.drain()


def _answer(body: bytes) -> bytes:
    status = "200 OK" if body else "204 No Content"
    length = f"\r\nContent-Length: {len(body)}" if body else ""
    return f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8{length}\r\n\r\n".encode() + body


@asynccontextmanager
async def open_shop() -> AsyncIterator[Shop]:
    shop = Shop()
    server = await asyncio.start_server(shop.serve, "127.0.0.1", 0)
    shop.port = server.sockets[0].getsockname()[1]
    try:
        yield shop
    finally:
        server.close()


def row(number: str, status: str, action: str) -> str:
    cells = (number, "2026-06-18 21:39:35", "网店管家J系列", "62.80", status, action)
    return "<tr>" + "".join(f"<td>{c}" for c in cells)


def table(action: str, script: str = "", extra: str = "") -> str:
    """An order list; `action` stands in the rows that await confirmation, NUMBER in it becomes the row's."""
    rows = "".join(
        row(number, status, action.replace("NUMBER", number) if status == "待确认" else "详情")
        for number, status in ORDERS
    )
    return (
        "<!doctype html><meta charset=utf-8><style>td,th{padding:4px 10px;text-align:left}"
        "#dialog{position:fixed;left:200px;top:200px;width:300px;padding:30px;background:#fff;border:1px solid}</style>"
        f'<table id="list"><thead><tr>{HEAD}<th>操作</thead><tbody>{rows}</tbody></table>{extra}'
        "<script>const post = path => fetch(path, {method: 'POST', body: '{}'});"
        "const ask = (text, ...buttons) => {"
        "const d = document.createElement('div'); d.id = 'dialog'; d.innerHTML = text;"
        "for (const [label, work] of buttons) { const b = document.createElement('button'); b.textContent = label;"
        "b.onclick = () => { d.remove(); work && work(); }; d.append(b); } document.body.append(d); };"
        f"{script}</script>"
    )
