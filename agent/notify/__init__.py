"""Who is told (通知): DingTalk, WeCom, Feishu, e-mail, webhooks and all else that Apprise knows."""

from agent.notify.telling import tell_people

__all__ = ["tell_people"]
