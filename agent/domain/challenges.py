"""What sites ask of a person (人工验证)."""

from enum import StrEnum

from agent.domain.text import Text


class ChallengeKind(StrEnum):
    """滑块, 点选, 短信验证码, 邮箱验证码, 动态口令, 扫码, 图片, App 确认, 选店铺, 协议."""

    SLIDER = "slider"
    CLICK = "click"
    SMS = "sms"
    EMAIL = "email"
    TOTP = "totp"
    QR = "qr"
    IMAGE = "image"
    APPROVAL = "approval"
    SHOP = "shop"
    AGREEMENT = "agreement"

    @property
    def typed(self) -> bool:
        """True if characters answer it that a person was sent or that a device shows."""
        return self in (ChallengeKind.SMS, ChallengeKind.EMAIL, ChallengeKind.TOTP)

    @property
    def text(self) -> Text:
        """What is asked for, as a person is told."""
        return _TEXTS[self]


_TEXTS = {
    ChallengeKind.SLIDER: Text("a slider or puzzle, to be solved in a window", "滑块或拼图，需在窗口中人工完成"),
    ChallengeKind.CLICK: Text(
        "characters or pictures to click, to be done in a window", "点选文字或图片，需在窗口中人工完成"
    ),
    ChallengeKind.SMS: Text("the code of a text message", "短信验证码"),
    ChallengeKind.EMAIL: Text("the code of an e-mail", "邮箱验证码"),
    ChallengeKind.TOTP: Text("the code of the authenticator", "动态口令"),
    ChallengeKind.QR: Text("a QR code to scan", "扫码"),
    ChallengeKind.IMAGE: Text("the characters of a picture, to be typed in a window", "图形验证码，需在窗口中人工输入"),
    ChallengeKind.APPROVAL: Text("a yes in the platform's app", "在手机 App 上确认"),
    ChallengeKind.SHOP: Text("the name of the shop to open", "要进入的店铺名称"),
    ChallengeKind.AGREEMENT: Text("an agreement to read and accept, in a window", "需在窗口中阅读并同意的协议"),
}
