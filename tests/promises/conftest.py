from tests.ledger.conftest import postgres_admin, postgres_database, postgres_server

__all__ = ["postgres_admin", "postgres_database", "postgres_server"]
