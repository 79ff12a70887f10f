"""The sample merchants: made-up people, shops, passwords and bank accounts."""

from datetime import date

from .model import Login, Merchant, Payee
from .orders import fill

NAMES = [("锦绣家居", "旗舰店"), ("南山小筑", "家居专营店"), ("青禾母婴", "专营店"), ("阿呆数码", "旗舰店")]
NAMES += [("老李五金", "企业店"), ("北岸户外", "旗舰店"), ("小满茶铺", "专卖店"), ("拾光文具", "旗舰店")]
CITIES = ["杭州", "宁波", "苏州", "金华"]
EDITIONS = ["cloud", "j_series", "classic"]


def merchants(seed: int, today: date, count: int) -> list[Merchant]:
    """Merchant n is the same however many there are."""
    return [_merchant(index, seed, today) for index in range(count)]


def _merchant(index: int, seed: int, today: date) -> Merchant:
    lap, place = divmod(index, len(NAMES))
    stem, kind = NAMES[place]
    name = f"{stem}{lap + 1 if lap else ''}"
    merchant = Merchant(
        id=f"m{index + 1}",
        name=name,
        edition=EDITIONS[index % 3],
        shop=f"{name}{kind}",
        taobao=Login(f"{name}{kind}:财务" if index % 2 else f"{name}{kind}", f"tb-Pass-{index + 1}"),
        backoffice=Login(f"member{index + 1:03}", f"bo-Pass-{index + 1}"),
        payee=_payee(index, name),
    )
    fill(merchant, index, seed, today)
    return merchant


def _payee(index: int, name: str) -> Payee:
    city = CITIES[index % len(CITIES)]
    return Payee(f"招商银行{city}分行", f"{city}{name}有限公司", f"5719000000{10_000 + index + 1}")
