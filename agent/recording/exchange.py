"""One request of a page and what came back, as HAR 1.2 files hold it."""

import base64
from dataclasses import dataclass, replace
from typing import Any, Self

# What a page is told besides the body. Cookies and all else stay out.
_HEADERS = ("content-type", "location", "access-control-allow-origin", "access-control-allow-credentials")


@dataclass(frozen=True, slots=True)
class Exchange:
    """`body` is text if it is text, whatever it was encoded in, and bytes for fonts and the like."""

    method: str
    address: str
    posted: str
    status: int
    headers: dict[str, str]
    body: str | bytes
    began: str

    @property
    def mime(self) -> str:
        """What kind of body it is, such as text/html."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def without_the_rest(self) -> Self:
        """The same with the headers alone that a page needs to be drawn."""
        return replace(self, headers={n: v for n, v in self.headers.items() if n in _HEADERS})

    def to_har(self) -> dict[str, Any]:
        """As an entry of a HAR file."""
        text = self.body if isinstance(self.body, str) else base64.b64encode(self.body).decode()
        content: dict[str, Any] = {
            "size": len(self.body),
            "mimeType": self.headers.get("content-type", ""),
            "text": text,
        }
        if isinstance(self.body, bytes):
            content["encoding"] = "base64"
        request: dict[str, Any] = {
            "method": self.method,
            "url": self.address,
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [],
            "queryString": [],
            "headersSize": -1,
            "bodySize": len(self.posted),
        }
        if self.posted:
            request["postData"] = {"mimeType": "", "text": self.posted}
        response = {
            "status": self.status,
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [{"name": name, "value": value} for name, value in self.headers.items()],
            "content": content,
            "redirectURL": self.headers.get("location", ""),
            "headersSize": -1,
            "bodySize": -1,
        }
        timings = {"send": 0, "wait": 0, "receive": 0}
        return {
            "startedDateTime": self.began,
            "time": 0,
            "request": request,
            "response": response,
            "cache": {},
            "timings": timings,
        }

    @classmethod
    def of_har(cls, entry: dict[str, Any]) -> Self:
        """The reverse. Raise KeyError, TypeError or ValueError for what is no such entry."""
        request, response = entry["request"], entry["response"]
        content = response["content"]
        text = content.get("text", "")
        body = base64.b64decode(text) if content.get("encoding") == "base64" else text
        headers = {header["name"].lower(): header["value"] for header in response["headers"]}
        posted = request.get("postData", {}).get("text", "")
        return cls(
            request["method"], request["url"], posted, response["status"], headers, body, entry["startedDateTime"]
        )
