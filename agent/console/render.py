"""Draws the pages: Jinja2 with everything escaped, in the language of who looks."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse

from agent import __version__
from agent.console.context import console_of
from agent.console.visitor import LANGUAGE, Visitor
from agent.domain.roles import Role
from agent.domain.text import Language, Text
from agent.domain.wording import OUTCOME, RESULT, STAGE, STEP
from agent.log import redact

HERE = Path(__file__).parent
_ENVIRONMENT = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=select_autoescape(default=True, default_for_string=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PAGES = (
    ("/", Text("Today", "今日")),
    ("/money", Text("Money", "款项")),
    ("/bank", Text("Bank", "对账")),
    ("/accounts", Text("Accounts", "账号")),
    ("/runs", Text("Runs", "运行")),
    ("/people", Text("People needed", "人工处理")),
    ("/health", Text("Health", "健康")),
    ("/audit", Text("Audit", "操作记录")),
)


def language_of(request: Request) -> Language:
    """Return `zh` or `en`: what was chosen in the page, else what the browser prefers."""
    chosen = request.cookies.get(LANGUAGE)
    if chosen in ("zh", "en"):
        return "zh" if chosen == "zh" else "en"
    preferred = request.headers.get("accept-language", "zh").lower()
    return "zh" if preferred.startswith("zh") or "zh" in preferred.split(";")[0] else "en"


def money(amount: Decimal, currency: str = "CNY") -> str:
    """¥1,234.50, or the currency's code if it is not yuan."""
    return f"¥{amount:,.2f}" if currency == "CNY" else f"{amount:,.2f} {currency}"


def moment(when: datetime | None) -> str:
    """A moment as people read it, in Asia/Shanghai."""
    return f"{when:%m-%d %H:%M}" if when else "–"


def day(when: date | None) -> str:
    """A day as people read it."""
    return f"{when:%Y-%m-%d}" if when else "–"


def page(request: Request, name: str, context: Mapping[str, object], status: int = 200) -> HTMLResponse:
    """Draw the template `name` with `context` and what every page has."""
    return HTMLResponse(text_of(request, name, context), status)


def text_of(request: Request, name: str, context: Mapping[str, object]) -> str:
    """Draw a template, or a part of a page, as text."""
    language = language_of(request)
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    return _ENVIRONMENT.get_template(name).render(
        **_words(language),
        language=language,
        visitor=visitor,
        pages=_PAGES,
        path=request.url.path,
        query=request.url.query,
        now=console_of(request).clock(),
        version=__version__,
        sites=console_of(request).sites,
        **context,
    )


def _words(language: str) -> dict[str, Any]:
    def say(text: Text) -> str:
        return redact(text.zh if language == "zh" else text.en)

    def pick(en: str, zh: str) -> str:
        return zh if language == "zh" else en

    def named(words: Mapping[Any, Text]) -> Callable[[Any], str]:
        return lambda value: say(words[value]) if value in words else str(value)

    return {
        "say": say,
        "t": pick,
        "stage": named(STAGE),
        "outcome": named(OUTCOME),
        "result": named(RESULT),
        "step": named(STEP),
        "role": lambda role: say(Role(role).text),
        "money": money,
        "moment": moment,
        "day": day,
    }
