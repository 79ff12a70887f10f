"""What a sealed value is sealed for: it opens nowhere else."""

from agent.domain.accounts import AccountKey


def purpose(what: str, account: AccountKey) -> str:
    """Return the purpose of a value of `account`; `what` it is comes first."""
    return "|".join((what, *str(account).split("/")))
