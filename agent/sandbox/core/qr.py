"""Log-in by a QR code on the simulated sites, and the phone that scans it."""

import io
import secrets
import time

import segno
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agent.sandbox.core.answers import fields, local, open_session, state_of
from agent.sandbox.core.model import Site
from agent.sandbox.core.state import Scan, State

# Where a granted log-in leads; there are sites without a code to scan.
HOMES: dict[Site, str] = {
    "taobao": "/taobao/home.htm/QnworkbenchHome/",
    "1688": "/1688/work/home.htm",
    "jd": "/jd/jdm/home",
    "suning": "/suning/sop/index.htm",
    "youzan": "/youzan/v4/shop/shop-list#/",
    "pinduoduo": "/pinduoduo/home",
    "douyin": "/douyin/ffa/mshop/homepage/index",
}
NEW, SCANNED, CONFIRMED, EXPIRED = "NEW", "SCANED", "CONFIRMED", "EXPIRED"  # the family's own spelling


def status_of(state: State, scan: Scan) -> str:
    if scan.status != CONFIRMED and time.monotonic() - scan.made_at > state.faults.qr_lasts:
        return EXPIRED
    return scan.status


def scan(state: State, payload: str) -> bool:
    """A person holds the phone before the code; false if it is over or none of ours."""
    found = state.scans.get(payload)
    if found is None or status_of(state, found) != NEW:
        return False
    found.status = SCANNED
    return True


def grant(state: State, payload: str, merchant_id: str) -> bool:
    """The person says yes on the phone, in which that merchant's account is logged in."""
    found = state.scans.get(payload)
    merchant = next((one for one in state.merchants if one.id == merchant_id), None)
    if found is None or merchant is None or status_of(state, found) != SCANNED:
        return False
    found.status, found.merchant = CONFIRMED, merchant
    return True


def routes_of(site: Site) -> list[Route]:
    root = f"/{site}"

    async def generate(request: Request) -> Response:
        """A new code: what it says, and a picture of it."""
        state = state_of(request)
        payload = f"https://qr.{site}.example/login?lgToken={secrets.token_hex(12)}"
        state.scans[payload] = Scan(site, time.monotonic())
        picture = io.BytesIO()
        segno.make(payload).save(picture, kind="svg", scale=5, border=2)
        return JSONResponse({"codeContent": payload, "picture": picture.getvalue().decode()})

    async def query(request: Request) -> Response:
        """Answer {"qrCodeStatus"}; once it is granted with a session, too."""
        state, found = state_of(request), state_of(request).scans.get(request.query_params.get("ck", ""))
        status = status_of(state, found) if found is not None and found.site == site else EXPIRED
        if found is None or found.merchant is None or status != CONFIRMED:
            return JSONResponse({"qrCodeStatus": status})
        target = local(request.query_params.get("target", ""), root, HOMES[site])
        response = JSONResponse({"qrCodeStatus": status, "redirect": target})
        open_session(response, state, site, found.merchant)
        return response

    return [Route(f"{root}/newlogin/qrcode/generate.do", generate), Route(f"{root}/newlogin/qrcode/query.do", query)]


async def phone_scan(request: Request) -> Response:
    return JSONResponse({"success": scan(state_of(request), (await fields(request)).get("payload", ""))})


async def phone_grant(request: Request) -> Response:
    form = await fields(request)
    return JSONResponse({"success": grant(state_of(request), form.get("payload", ""), form.get("merchant", ""))})


routes = [
    Route("/_phone/scan", phone_scan, methods=["POST"]),
    Route("/_phone/grant", phone_grant, methods=["POST"]),
    *(route for site in HOMES for route in routes_of(site)),
]
