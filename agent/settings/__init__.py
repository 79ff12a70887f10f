"""What can be configured (设置), and from where: defaults, a TOML file, the environment."""

from agent.settings.model import BrowserSettings, CalendarSettings, ChannelSettings, EvidenceStoreSettings, Settings
from agent.settings.platforms import applies_directly, backoffice, sites
from agent.settings.site_model import BackofficeSettings, PlatformSettings, SiteSettings
from agent.settings.sources import load_settings

__all__ = [
    "BackofficeSettings",
    "BrowserSettings",
    "CalendarSettings",
    "ChannelSettings",
    "EvidenceStoreSettings",
    "PlatformSettings",
    "Settings",
    "SiteSettings",
    "applies_directly",
    "backoffice",
    "load_settings",
    "sites",
]
