"""What can be wrong with a user of the console or a token: the facts, and how people are told of them."""

from agent.domain.errors import UsageError
from agent.domain.text import Text


class NameUnusable(UsageError):
    """What cannot name a user or a token."""

    def __init__(self, name: str) -> None:
        """`name` is what was given."""
        self.name = name
        super().__init__(
            Text(
                f"“{name}” cannot be a name. Use up to 64 letters, digits and . @ _ -",
                f"“{name}”不能用作名称。请使用不超过 64 个字母、数字或 . @ _ -",
            )
        )


class NameTaken(UsageError):
    """A user or a token of that name is there already."""

    def __init__(self, name: str) -> None:
        """`name` is what was given."""
        self.name = name
        super().__init__(
            Text(
                f"“{name}” exists already. Choose another name, or remove it first.",
                f"“{name}”已存在。请换一个名称，或先删除。",
            )
        )


class NameUnknown(UsageError):
    """There is no user and no token of that name, or not any more."""

    def __init__(self, name: str) -> None:
        """`name` is what was given."""
        self.name = name
        super().__init__(Text(f"There is no “{name}”. See `list`.", f"没有“{name}”，可用 `list` 查看。"))


class PasswordTooShort(UsageError):
    """A password that would be guessed; what was given is no part of the error."""

    def __init__(self, shortest: int) -> None:
        """`shortest` is how many characters are enough."""
        self.shortest = shortest
        super().__init__(
            Text(
                f"A password needs at least {shortest} characters. Choose a longer one.",
                f"密码至少需要 {shortest} 个字符，请重新设置。",
            )
        )
