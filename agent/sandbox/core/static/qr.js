'use strict';
// 扫码登录: draws a code as soon as its place is seen, asks whether it was scanned, and says so when it is over.
(() => {
  let place = null, code = null;

  function draw(...what) { place.replaceChildren(...what); place.style.background = '#fff'; place.style.position = 'relative'; }

  async function renew() {
    const told = await (await fetch(place.dataset.qrcode + '/newlogin/qrcode/generate.do')).json();
    const picture = Object.assign(new Image(), { src: 'data:image/svg+xml,' + encodeURIComponent(told.picture) });
    picture.style.cssText = 'width:100%;height:100%;display:block';
    draw(picture);
    code = told.codeContent;
  }

  function cover(...words) {
    const mask = document.createElement('div');
    mask.className = 'qrcode-mask';
    mask.style.cssText = 'position:absolute;inset:0;background:rgba(255,255,255,.95);text-align:center;padding-top:50px;font-size:14px';
    mask.append(...words);
    place.append(mask);
  }

  function over() {
    code = null;
    const again = Object.assign(document.createElement('a'), { href: 'javascript:void(0)', textContent: '点击刷新' });
    again.addEventListener('click', renew);
    cover('二维码已失效', document.createElement('br'), again);
  }

  async function look() {
    const seen = [...document.querySelectorAll('[data-qrcode]')].find(one => one.offsetParent);
    if (seen !== place) { place = seen; code = null; if (place) await renew(); }
    if (!place || !code) return;
    const told = await (await fetch(place.dataset.qrcode + '/newlogin/qrcode/query.do?ck=' + encodeURIComponent(code))).json();
    if (told.qrCodeStatus === 'CONFIRMED') { code = null; window.top.location.href = told.redirect; }
    else if (told.qrCodeStatus === 'EXPIRED') over();
    else if (told.qrCodeStatus === 'SCANED' && !place.querySelector('.qrcode-mask')) cover('扫码成功', document.createElement('br'), '请在手机上确认登录');
  }

  const turn = () => look().catch(() => {}).finally(() => setTimeout(turn, 500));
  turn();
})();
