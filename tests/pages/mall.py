"""A server of many small pages with menus, which keeps count of all that it is asked."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.pages.shop import table

ORDERS = table("详情")
GOODS = (
    ORDERS.replace("<th>服务名称", "<th>商品名称")
    .replace("<th>操作", "<th>买家<th>收货信息<th>操作")
    .replace("网店管家J系列", "四件套")
)
JSON_LIST = """
const draw = where => fetch('/api/orders/page', {method: 'POST', body: JSON.stringify({pageNo: 1, pageSize: 10})})
  .then(answer => answer.text()).then(html => { where.innerHTML = html; });"""


class Mall:
    """`pages` are what it answers by path, after the seconds in `late`; what is not there is a 404.

    What is asked of a path in `held` is answered only once that is set. `asked` is all that was asked, as "GET /".
    """

    def __init__(self, pages: dict[str, str]) -> None:
        self.pages = pages
        self.late: dict[str, float] = {}
        self.held: dict[str, asyncio.Event] = {}
        self.asked: list[str] = []
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def posts(self) -> list[str]:
        return [each for each in self.asked if not each.startswith("GET ")]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                method, path, _ = head.split(" ", 2)
                length = re.search(r"content-length: (\d+)", head, re.IGNORECASE)
                await reader.readexactly(int(length[1]) if length else 0)
                self.asked.append(f"{method} {path}")
                await self._wait(path)
                writer.write(self._answer(path.partition("?")[0]))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the browser has gone
        finally:
            writer.close()

    async def _wait(self, path: str) -> None:
        await asyncio.sleep(self.late.get(path, 0.0))
        if path in self.held:
            await self.held[path].wait()

    def _answer(self, path: str) -> bytes:
        body = self.pages.get(path)
        status, text = ("200 OK", body) if body is not None else ("404 Not Found", "页面不存在")
        data = f"<!doctype html><meta charset=utf-8>{text}".encode()
        head = f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(data)}\r\n\r\n"
        return head.encode() + data


@asynccontextmanager
async def open_mall(pages: dict[str, str]) -> AsyncIterator[Mall]:
    mall = Mall(pages)
    server = await asyncio.start_server(mall.serve, "127.0.0.1", 0)
    mall.port = server.sockets[0].getsockname()[1]
    try:
        yield mall
    finally:
        server.close()
