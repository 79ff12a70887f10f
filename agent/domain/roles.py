"""What people and programs may do in the console (角色)."""

from enum import StrEnum

from agent.domain.text import Text


class Role(StrEnum):
    """只读, 操作员, 管理员: each may do all that the one before it may."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMIN = "admin"

    def covers(self, needed: "Role") -> bool:
        """Return True if this role may do what `needed` is needed for."""
        order = list(Role)
        return order.index(self) >= order.index(needed)

    @property
    def text(self) -> Text:
        """What the role is called."""
        return _TEXTS[self]


_TEXTS = {
    Role.VIEWER: Text("viewer", "只读"),
    Role.OPERATOR: Text("operator", "操作员"),
    Role.ADMIN: Text("admin", "管理员"),
}
