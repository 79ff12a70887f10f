"""What a service answered to a message: many bots answer HTTP 200 and put the refusal inside."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests

_ONE_AT_A_TIME = threading.Lock()
# DingTalk and WeCom, ServerChan, Feishu of old, Feishu and ServerChan. Others write `code` 200 if all is well.
_CODES, _WELL = ("errcode", "errno", "StatusCode", "code"), {"0", "200"}
_FLAGS = ("ok", "success")
_WORDS = ("errmsg", "StatusMessage", "msg", "message", "error", "description")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one request: its HTTP status, and what stands in it."""

    status: int
    body: str

    @property
    def refusal(self) -> str | None:
        """The code or flag inside that says that the message was not taken; None if there is none."""
        told = self._told()
        for name in _CODES:
            code = told.get(name)
            if isinstance(code, int | str) and not isinstance(code, bool) and str(code).lstrip("-").isdigit():
                return None if str(code) in _WELL else f"{name} {code}"
        return next((f"{name} false" for name in _FLAGS if told.get(name) is False), None)

    @property
    def message(self) -> str:
        """Status, refusal and the service's own words in one line."""
        told = self._told()
        words = next((str(told[name]) for name in _WORDS if isinstance(told.get(name), str) and told[name]), "")
        parts = (f"HTTP {self.status}", self.refusal, words)
        return ", ".join(part for part in parts if part)[:_LONGEST]

    def _told(self) -> dict[str, Any]:
        try:
            told = json.loads(self.body)
        except ValueError:
            return {}
        return told if isinstance(told, dict) else {}


@contextmanager
def heard() -> Iterator[list[Answer]]:
    """Give the answers to all requests that are sent in the block.

    Apprise looks at the HTTP status alone and tells nobody what else was answered, so its requests are listened to.
    """
    answers: list[Answer] = []
    # The usual one is looked up once nobody else listens: it would be their listener, and stay for good.
    with _ONE_AT_A_TIME:
        usual = requests.sessions.Session
        requests.sessions.Session = _listening(usual, answers)  # type: ignore[misc]
        try:
            yield answers
        finally:
            requests.sessions.Session = usual  # type: ignore[misc]


def _listening(usual: type[requests.Session], answers: list[Answer]) -> type[requests.Session]:
    class Listening(usual):  # type: ignore[misc,valid-type]
        def send(self, request: requests.PreparedRequest, **more: Any) -> requests.Response:  # noqa: ANN401
            response: requests.Response = super().send(request, **more)
            answers.append(Answer(response.status_code, response.text[:10_000]))
            return response

    return Listening
