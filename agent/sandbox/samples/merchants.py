"""The sample merchants: made-up people, shops, passwords and bank accounts."""

from collections.abc import Sequence
from datetime import date, timedelta

from agent.sandbox.core.model import Login, Merchant, Payee, Shop
from agent.sandbox.samples.orders import fill
from agent.sandbox.samples.shops import AUTHORIZED_FOR, open_shop, seed_gone
from agent.sandbox.samples.trades import GONE, TRADES

NAMES = [("锦绣家居", "旗舰店"), ("南山小筑", "家居专营店"), ("青禾母婴", "专营店"), ("阿呆数码", "旗舰店")]
NAMES += [("老李五金", "企业店"), ("北岸户外", "旗舰店"), ("小满茶铺", "专卖店"), ("拾光文具", "旗舰店")]
CITIES = ["杭州", "宁波", "苏州", "金华"]
EDITIONS = ["enterprise", "cloud", "j_series", "classic"]


def merchants(seed: int, today: date, platforms: Sequence[Sequence[str]]) -> list[Merchant]:
    """One for each entry of `platforms`, which names where it sells. Merchant n is the same however many there are."""
    return [_merchant(index, seed, today, names) for index, names in enumerate(platforms)]


def _merchant(index: int, seed: int, today: date, platforms: Sequence[str]) -> Merchant:
    lap, place = divmod(index, len(NAMES))
    stem, kind = NAMES[place]
    name = f"{stem}{lap + 1 if lap else ''}"
    merchant = Merchant(
        id=f"m{index + 1}",
        name=name,
        edition=EDITIONS[index % len(EDITIONS)],
        backoffice=Login(f"member{index + 1:03}", f"bo-Pass-{index + 1}"),
        payee=_payee(index, name),
    )
    if "taobao" in platforms:
        merchant.shops["taobao"] = _on_taobao(f"{name}{kind}", index, today)
        fill(merchant, index, seed, today)
    others = (TRADES[platform] for platform in platforms if platform in TRADES)
    merchant.shops |= {trade.id: open_shop(merchant, trade, seed, today) for trade in others}
    for platform in platforms:
        if platform in GONE:
            seed_gone(merchant, platform, seed, today)
    return merchant


def _on_taobao(name: str, index: int, today: date) -> Shop:
    login = Login(f"{name}:财务" if index % 2 else name, f"tb-Pass-{index + 1}")
    return Shop("taobao", name, login, today + timedelta(days=AUTHORIZED_FOR))


def _payee(index: int, name: str) -> Payee:
    city = CITIES[index % len(CITIES)]
    return Payee(f"招商银行{city}分行", f"{city}{name}有限公司", f"5719000000{10_000 + index + 1}")
