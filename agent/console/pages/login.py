"""Logging in and out, and the language of the pages."""

import hmac
import secrets
from typing import Annotated

from fastapi import APIRouter, Form, Request
from pydantic import SecretStr
from starlette.responses import RedirectResponse, Response

from agent.console.context import Console, console_of
from agent.console.render import page
from agent.console.visitor import LANGUAGE, SESSION, ViewerForm, address_of, session_of
from agent.ledger.console_sessions import LONGEST, TRIED_WITHIN
from agent.ledger.passwords import is_password

router = APIRouter(include_in_schema=False)
# Proves that a log-in form was drawn for this very browser: nobody can log it in as somebody else.
_FORM = "fankuan_login"
_YEAR, _LONGEST = 365 * 24 * 3600, 500


@router.get("/login")
def ask(request: Request) -> Response:
    """The form."""
    return _form(request, request.query_params.get("next", "/"))


@router.post("/login")
def log_in(
    request: Request,
    name: Annotated[str, Form(max_length=64)] = "",
    password: Annotated[str, Form(max_length=2000)] = "",
    following: Annotated[str, Form(alias="next", max_length=_LONGEST)] = "/",
    csrf: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Begin a session under a new id, or say that it was not the password; too many tries have to wait."""
    console, address = console_of(request), address_of(request)
    expected = request.cookies.get(_FORM, "")
    if not expected or not hmac.compare_digest(csrf.encode(), expected.encode()):
        return _form(request, following, "form")
    with console.ledger.begin() as tx:
        allowed = tx.console_sessions.may_try(name, address)
        kept = tx.users.password_of(name)
    if not allowed:
        return _form(request, following, "blocked")
    if not is_password(kept, SecretStr(password)):
        with console.ledger.begin() as tx:
            # A name that nobody has may be a password that was typed into the wrong box.
            tx.audit.note(f"console:{name if kept else '?'}", "login_failed", address=address)
        return _form(request, following, "wrong")
    return _begun(request, console, name, following)


def _begun(request: Request, console: Console, name: str, following: str) -> Response:
    earlier = session_of(request)
    with console.ledger.begin() as tx:
        if earlier:
            tx.console_sessions.end(earlier)
        made = tx.console_sessions.begin(name)
        tx.console_sessions.forgive(name, address_of(request))
        tx.audit.note(f"console:{name}", "login", address=address_of(request))
    answer = RedirectResponse(_inside(following), 303)
    _keep(answer, request, SESSION, made.get_secret_value(), int(LONGEST.total_seconds()))
    answer.delete_cookie(_FORM)
    return answer


@router.post("/logout")
def log_out(request: Request, form: ViewerForm) -> Response:
    """End the session in the ledger: what the browser kept opens nothing any more."""
    console, given = console_of(request), session_of(request)
    with console.ledger.begin() as tx:
        if given:
            tx.console_sessions.end(given)
        tx.audit.note(request.state.visitor.who, "logout", address=address_of(request))
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(SESSION)
    return answer


@router.get("/language/{chosen}")
def choose_language(request: Request, chosen: str, following: str = "/") -> Response:
    """Keep the language, and go back to the page."""
    answer = RedirectResponse(_inside(following), 303)
    _keep(answer, request, LANGUAGE, "zh" if chosen == "zh" else "en", _YEAR)
    return answer


def _form(request: Request, following: str, trouble: str | None = None) -> Response:
    status = {"blocked": 429, "wrong": 401, "form": 403}.get(trouble or "", 200)
    token = secrets.token_urlsafe(24)
    answer = page(request, "login.html", {"trouble": trouble, "following": _inside(following), "token": token}, status)
    _keep(answer, request, _FORM, token, 3600)
    if trouble == "blocked":
        answer.headers["retry-after"] = str(int(TRIED_WITHIN.total_seconds()))
    return answer


def _keep(answer: Response, request: Request, name: str, value: str, seconds: int) -> None:
    secure = request.url.scheme == "https"
    answer.set_cookie(name, value, max_age=seconds, httponly=True, samesite="strict", secure=secure)


def _inside(path: str) -> str:
    """A path of the console; anything that leads elsewhere, or is too long, becomes the first page."""
    harmless = (
        len(path) <= _LONGEST
        and path.startswith("/")
        and not path.startswith("//")
        and "\\" not in path
        and path.isprintable()
    )
    return path if harmless else "/"
