"""The sentences for what can go wrong with a log-in, in both languages."""

from agent.domain import login_errors
from agent.domain.login_errors import Demand
from agent.domain.reasons import Explanation
from agent.domain.text import Text

DEMANDS = {
    Demand.PASSWORD: Text("a new password is due", "需要设置新密码"),
    Demand.PHONE: Text("a phone number is to be bound to the account", "需要绑定手机号"),
    Demand.IDENTITY: Text("the owner's name is to be verified", "需要完成实名认证"),
    Demand.ELSEWHERE: Text(
        "somebody is logged in elsewhere and would be thrown out", "账号已在别处登录，继续登录会使对方下线"
    ),
}
LOG_INS = {
    login_errors.BadPassword: Explanation(
        Text(
            "{title} refused the user name or password (“{message}”). It is not tried again before it was corrected.",
            "{title}提示用户名或密码错误（“{message}”）。更正之前不会再次尝试登录。",
        ),
        Text(
            "Correct it with `fankuan merchants import`; import it anew, too, if it is right by now.",
            "请用 `fankuan merchants import` 更正密码；若密码现已无误，也请重新导入一次。",
        ),
    ),
    login_errors.AccountLocked: Explanation(
        Text(
            "{title} has locked or restricted this account (“{message}”).",
            "该账号已被{title}锁定或限制（“{message}”）。",
        ),
        Text(
            "Log in by hand (`fankuan login`) and follow the site's steps.",
            "请人工登录（`fankuan login`），按网站提示解除。",
        ),
    ),
    login_errors.LoginRefused: Explanation(
        Text(
            "A log-in was sent to {title} and did not lead inside (“{message}”). It is not tried again before "
            "somebody has looked.",
            "向{title}提交登录后未能进入（“{message}”）。为避免账号被锁，人工处理之前不会再次尝试。",
        ),
        Text(
            "Log in by hand (`fankuan login`), or correct the password with `fankuan merchants import`; import it "
            "anew, too, if it is right.",
            "请人工登录（`fankuan login`），或用 `fankuan merchants import` 更正密码；若密码无误，也请重新导入一次。",
        ),
    ),
    login_errors.NoLogin: Explanation(
        Text("No user name and password are registered for {title}.", "未登记{title}的用户名和密码。"),
        Text("Add them with `fankuan merchants import`.", "请用 `fankuan merchants import` 补充。"),
    ),
    login_errors.DemandMade: Explanation(
        Text(
            "{title} wants something of the account's owner first: {demand} (“{message}”). Nothing was clicked.",
            "{title}要求账号本人先处理：{demand}（“{message}”）。程序未做任何点击。",
        ),
        Text(
            "Do it yourself, in a window (`fankuan login`); give a changed password to `fankuan merchants import`.",
            "请人工登录处理（`fankuan login`）；若修改了密码，请用 `fankuan merchants import` 更新。",
        ),
    ),
    login_errors.Challenge: Explanation(
        Text("{title} asks for a person: {kind}.", "{title}需要人工验证：{kind}。"),
        Text(
            "Nothing is solved by machine: see `fankuan challenges`, and answer with `fankuan answer ID`; this "
            "account's sync then follows by itself.",
            "程序不会破解验证。请用 `fankuan challenges` 查看，用 `fankuan answer 编号` 处理，随后该账号会自动同步。",
        ),
    ),
    login_errors.ShopNotNamed: Explanation(
        Text(
            "{title} asks which shop to open ({message}), and the account names none.",
            "{title}要求选择店铺（{message}），但该账号未填写店铺名（shop）。",
        ),
        Text(
            "Answer with `fankuan answer ID NAME` (see `fankuan challenges`), or set the account's `shop`.",
            "请用 `fankuan answer 编号 店铺名` 回答（编号见 `fankuan challenges`），或填写该账号的 shop。",
        ),
    ),
    login_errors.AgreementAsked: Explanation(
        Text("{title} wants an agreement accepted first (“{message}”).", "{title}要求先同意协议（“{message}”）。"),
        Text(
            "Read it and accept it yourself: `fankuan answer ID` opens a window (see `fankuan challenges`).",
            "请自行阅读后同意：`fankuan answer 编号` 会打开窗口（编号见 `fankuan challenges`）。",
        ),
    ),
    login_errors.ForeignLogin: Explanation(
        Text(
            "The log-in form of {title} stands on {shown}, which is not known to be the site's own ({known} would be). "
            "Nothing was typed.",
            "{title}的登录页出现在 {shown}，不是该网站已知的地址（{known}）。未输入任何内容。",
        ),
        Text(
            "Check the network and `login_url`; if the site has moved there, set `login_url` to the address of "
            "that page.",
            "请检查网络和 login_url；若网站确已迁移，请把 login_url 设为该页面的网址。",
        ),
    ),
    login_errors.SessionExpired: Explanation(
        Text(
            "{title} ended the session in the middle of the work. What was done is recorded.",
            "处理到一半，{title}的登录已失效。已完成的部分均有记录。",
        ),
        Text("Run the sync again.", "请再次运行同步。"),
    ),
    login_errors.WrongShop: Explanation(
        Text(
            "The page should belong to the shop “{expected}” but shows “{shown}”. Nothing is clicked there.",
            "页面应属于店铺“{expected}”，实际显示“{shown}”，未在该店铺做任何点击。",
        ),
        Text("Correct the account's `shop` or its credentials.", "请更正该账号的店铺名（shop）或登录信息。"),
    ),
}
