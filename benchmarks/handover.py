"""A log-in by QR code: how long it takes until fankuan notices that somebody has granted it on their phone."""

from datetime import timedelta
from functools import partial
from statistics import median
from time import perf_counter

from loguru import logger

from agent.domain.accounts import AccountKey
from agent.flows.runs.attended import log_in_attended
from agent.flows.runs.manual_login import ByQr
from agent.pages.actions.qr import QrCode
from agent.sandbox import Sandbox
from agent.sandbox.core.qr import grant, scan
from benchmarks.world import Figures, all_well, world

ROUNDS = 7
NOTICED = "as if somebody had logged in"


async def noticed() -> Figures:
    """Seconds from the grant, of seven log-ins; the site's own page asks for it every half a second."""
    took = [await _once() for _ in range(ROUNDS)]
    return {"seconds (median)": round(median(took), 2), "seconds (longest)": round(max(took), 2)}


def _granted(payload: str, box: Sandbox) -> bool:
    return scan(box.state, payload) and grant(box.state, payload, "m1")


async def _once() -> float:
    granted, seen = list[float](), list[float]()
    with world([["taobao"]]) as here:

        def phone(code: QrCode) -> None:
            if not here.ask(partial(_granted, code.payload)):
                raise RuntimeError("the code was not taken")
            granted.append(perf_counter())

        sink = logger.add(lambda _: seen.append(perf_counter()), filter=lambda r: NOTICED in r["message"], level="INFO")
        way = ByQr(phone, lambda: None)
        report = await log_in_attended(here.context(patience=timedelta(minutes=1)), AccountKey("m1", "taobao"), way)
        logger.remove(sink)
    all_well([report])
    return next(at for at in seen if at > granted[-1]) - granted[-1]
