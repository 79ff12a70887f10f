"""Key rotation (更换密钥): every sealed value of the ledger is sealed anew."""

from sqlalchemy import select

from agent.ledger.tables import Base
from agent.ledger.transaction import Transaction


def reseal(tx: Transaction) -> int:
    """Seal all of them with the vault's first key, and give their number."""
    count = 0
    for mapper in Base.registry.mappers:
        names = [name for name, column in mapper.columns.items() if column.info.get("sealed")]
        for row in tx.session.scalars(select(mapper.class_)) if names else ():
            for name in names:
                token = getattr(row, name)
                if token is not None:
                    setattr(row, name, tx.vault.renew(token))
                    count += 1
    return count
