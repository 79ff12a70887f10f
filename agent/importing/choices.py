"""Platforms and editions as people call them: 天猫, 抖店, 云端版."""

import re
from collections.abc import Mapping

from agent.domain.merchants import Edition
from agent.domain.text import fold

EDITIONS = {
    Edition.ENTERPRISE: "企业版",
    Edition.CLOUD: "云端版",
    Edition.J_SERIES: "J系列",
    Edition.CLASSIC: "历史版本",
}
_EDITION = {
    Edition.ENTERPRISE: r"企业版?|enterprise( edition)?",
    Edition.CLOUD: r"云端版?|云版|cloud( edition)?",
    Edition.J_SERIES: r"j系列版?|j[ _-]?series",
    Edition.CLASSIC: (
        r"(历史|经典|旧)版本?[(]?(v?[23]\.[01][/、]?){0,3}[)]?|v?[23]\.[01](/[23]\.[01])*|classic( edition)?"
    ),
}
# Beside the names that the platforms' declarations give.
_SPOKEN = {
    "taobao": ("淘宝网", "淘宝", "天猫", "天猫商城", "淘宝天猫", "tmall"),
    "jd": ("京东商城", "京东", "京东pop"),
    "suning": ("苏宁易购", "苏宁"),
    "1688": ("阿里巴巴1688", "1688诚信通", "诚信通"),
    "alibaba": ("阿里巴巴国际站", "国际站", "阿里国际站"),
    "youzan": ("有赞商城", "有赞微商城", "有赞"),
    "pinduoduo": ("拼多多", "多多", "pdd"),
    "douyin": ("抖音", "抖店", "抖音小店", "抖音电商"),
    "weimob": ("微盟", "微盟商城"),
    "aliexpress": ("速卖通", "全球速卖通"),
    "paipai": ("拍拍", "拍拍网"),
    "yhd": ("一号店", "1号店"),
}


def edition_of(text: str) -> Edition | None:
    """The edition that is called so: by its id, or as the ERP's vendor calls it, with or without its name before."""
    key = fold(text).lower().removeprefix("网店管家").removeprefix("erp")
    return next((e for e, names in _EDITION.items() if re.fullmatch(names.replace(" ", ""), key)), None)


def platform_of(text: str, known: Mapping[str, str]) -> str | None:
    """The id of the platform that is called so; `known` are the titles of those that there are, by id."""
    if text in known:
        return text
    key = fold(text).lower()
    if key in known:
        return key
    named = {name: (title, *title.split("/"), *_SPOKEN.get(name, ())) for name, title in known.items()}
    found = [name for name, words in named.items() if key in {fold(word).lower() for word in words}]
    return found[0] if len(found) == 1 else None
