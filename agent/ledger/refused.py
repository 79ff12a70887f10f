"""Log-ins that a site refused: they are not tried again before they are corrected, or a person gets in."""

from agent.ledger.merchants import scrubber
from agent.ledger.tables import RefusedLoginRow
from agent.ledger.values import RefusedLogin
from agent.ledger.work import Work


def note(work: Work, merchant: str, site: str, refused: RefusedLogin) -> None:
    """Keeps a refusal, in the place of an earlier one."""
    said, mark = scrubber(work, merchant).clean(refused.said), work.vault.seal(_purpose(merchant, site), refused.mark)
    row = work.session.get(RefusedLoginRow, (merchant, site))
    if row is None:
        row = RefusedLoginRow(merchant_id=merchant, site=site)
        work.session.add(row)
    row.mark, row.reason, row.said, row.refused_at = mark, refused.reason, said, work.now


def find(work: Work, merchant: str, site: str) -> RefusedLogin | None:
    """The refusal that stands."""
    row = work.session.get(RefusedLoginRow, (merchant, site))
    if row is None:
        return None
    return RefusedLogin(work.vault.open(_purpose(merchant, site), row.mark), row.reason, row.said)


def forget(work: Work, merchant: str, site: str) -> None:
    """Somebody got in."""
    row = work.session.get(RefusedLoginRow, (merchant, site))
    if row is not None:
        work.session.delete(row)


def _purpose(merchant: str, site: str) -> str:
    return f"refused-login|{merchant}|{site}"
