"""Who asks: a person with a session, or a program with a token; and whether they may do what they ask for."""

import hmac
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import SecretStr
from starlette.datastructures import FormData

from agent.console.context import Console, console_of
from agent.domain.roles import Role
from agent.ledger.users import KnownUser

SESSION, LANGUAGE = "fankuan_session", "fankuan_language"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is logged in. `csrf` proves that a form was drawn for this very session."""

    name: str
    role: Role
    csrf: str

    @property
    def who(self) -> str:
        """How the audit trail names them."""
        return f"console:{self.name}"

    def may(self, role: str) -> bool:
        """Return True if they may do what that role may."""
        return self.role.covers(Role(role))


class LoginNeeded(Exception):
    """Nobody is logged in; the page that was asked for follows the log-in."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.location = f"/login?next={quote(path, safe='/')}"


def csrf_of(session: SecretStr) -> str:
    """Return what the forms of a session carry; nobody can make it who does not have the session itself."""
    return sha256(b"form|" + session.get_secret_value().encode()).hexdigest()


def session_of(request: Request) -> SecretStr | None:
    """Return the session's id that the browser sent."""
    value = request.cookies.get(SESSION)
    return SecretStr(value) if value else None


def address_of(request: Request) -> str:
    """Return where a request came from."""
    return request.client.host if request.client else "-"


def logged_in(request: Request) -> Visitor:
    """Return who is logged in. Raise LoginNeeded if nobody is."""
    given = session_of(request)
    found = _visitor(console_of(request), given) if given else None
    if found is None:
        query = f"?{request.url.query}" if request.url.query else ""
        raise LoginNeeded(request.url.path + query)
    request.state.visitor = found
    return found


def _visitor(console: Console, given: SecretStr) -> Visitor | None:
    with console.ledger.read() as tx:
        user = tx.console_sessions.find(given)
    if user is None:
        return None
    if user.stale:
        with console.ledger.begin() as tx:
            tx.console_sessions.note_seen(given)
    return Visitor(user.name, user.role, csrf_of(given))


def _needs(role: Role) -> Callable[[Visitor], Visitor]:
    def check(visitor: Annotated[Visitor, Depends(logged_in)]) -> Visitor:
        if not visitor.role.covers(role):
            raise HTTPException(403)
        return visitor

    return check


def _sent_by(role: Role, files: int = 0) -> Callable[[Request, Visitor], AsyncIterator[FormData]]:
    async def check(request: Request, visitor: Annotated[Visitor, Depends(_needs(role))]) -> AsyncIterator[FormData]:
        async with request.form(max_files=files) as form:
            given = request.headers.get("x-csrf-token") or form.get("csrf")
            if not isinstance(given, str) or not hmac.compare_digest(given.encode(), visitor.csrf.encode()):
                raise HTTPException(403)
            yield form

    return check


Viewer = Annotated[Visitor, Depends(_needs(Role.VIEWER))]
Operator = Annotated[Visitor, Depends(_needs(Role.OPERATOR))]
# What a form says, once it is proven to be ours and to come from somebody with that role.
ViewerForm = Annotated[FormData, Depends(_sent_by(Role.VIEWER))]
OperatorForm = Annotated[FormData, Depends(_sent_by(Role.OPERATOR))]
OperatorFiles = Annotated[FormData, Depends(_sent_by(Role.OPERATOR, files=2))]


_BEARER = HTTPBearer(auto_error=False, description="What `fankuan tokens add` has printed.")


def token_of(request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]) -> KnownUser:
    """Return whose token a request shows. Answer 401 without one that is known."""
    found = None
    if given is not None:
        with console_of(request).ledger.read() as tx:
            found = tx.tokens.find(SecretStr(given.credentials))
    if found is None:
        raise HTTPException(401, "a token is needed", headers={"www-authenticate": "Bearer"})
    return found
