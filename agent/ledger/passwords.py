"""How passwords of the console's users are kept, and compared."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from pydantic import SecretStr

from agent.ledger.users import LONGEST_PASSWORD

_HASHER = PasswordHasher()
# What is compared if there is no such user, so that an answer takes as long as for one that there is.
_NOBODY = _HASHER.hash(secrets.token_hex())


def hash_of(password: SecretStr) -> str:
    """Return what is kept of a password (argon2)."""
    return _HASHER.hash(password.get_secret_value())


def is_password(kept: str | None, given: SecretStr) -> bool:
    """Return True if `given` is the password of which `kept` was made. It takes as long if there is none."""
    try:
        _HASHER.verify(kept or _NOBODY, given.get_secret_value()[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None
