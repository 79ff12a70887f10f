"""The words of log-ins and of what sites ask of a person (登录与验证)."""

import re

LOGIN = (
    "登录",
    "立即登录",
    "登陆",
    "登入",
    "进入",
    "登录系统",
    "马上登录",
    "确认登录",
    "Login",
    "Signin",
    "Log in",
    "Sign in",
    "Log on",
)
NEXT_STEP = ("下一步", "继续", "下一步>", "Next", "Continue")
# What a box beside those for name and password asks for that nobody has told us: 企业号.
TENANT_BOX = re.compile(
    r"(企业|公司|租户|组织|机构|集团|商户|门店|单位|域|客户)(号|编码|代码|编号|ID|名称?|标识|账号|码)|tenant|company|corp|organi[sz]ation|domain",
    re.IGNORECASE,
)
USER_BOX = re.compile(
    r"账号|帐号|账户|用户|手机|邮箱|登录名|会员名|工号|昵称|account|user|e-?mail|phone|mobile|login", re.IGNORECASE
)
PASSWORD_TABS = ("密码登录", "账号登录", "账号密码登录", "帐号登录", "账户登录", "账密登录", "用密码登录")
EMAIL_TABS = ("邮箱登录", "邮箱密码登录", "邮箱账号登录")
OTHER_TABS = ("手机登录", "手机号登录", "短信登录", "验证码登录", "手机验证码登录", "扫码登录")
LOGGED_OUT = re.compile(
    r"(登[录陆]|会话|session)(状态|信息|态)?(已|已经)?(失效|过期|超时)|请(您)?(先|重新)?登[录陆]|重新登[录陆]|未登[录陆]"
    r"|youarenotloggedin|beenloggedout",
    re.IGNORECASE,
)
WRONG_LOGIN = re.compile(
    r"(密码|账号|帐号|用户名?|账户|会员名|登录名|登[录陆]信息|凭[证据]|口令).*(错误?|不正确|有误|不匹配|不符|不一致|不存在|不对|未注册|无效)"
    r"|(查无|无|没有|找不到)(此|该)(用户|账号|帐号|账户)|密码错"
    r"|(incorrect|invalid|wrong|bad|unknown).*(password|account|credential|user|login|sign-?in|details)"
    r"|(password|account|credential|user(name)?|login|details).*(incorrect|invalid|wrong|notmatch|n['’]tmatch|notfound|notrecogni[sz]ed|notexist|n['’]texist)"
    r"|authenticationfailed|accessdenied|couldn['’]?t(find|recogni[sz]e)your",
    re.IGNORECASE,
)
# What a log-in form says that is no answer to a log-in that was sent.
ABOUT_LOGIN = re.compile(r"密码|账号|帐号|账户|用户|登录名|会员名|口令|password|account|credential|user", re.IGNORECASE)
LOCKED = re.compile(r"(锁定|冻结|封禁|禁用|停用|限制登录|盗号风险|账号异常)")
PARDON = re.compile(
    r"敬请(谅解|见谅|期待)|带来(的)?不便|期间.{0,8}(无法|暂停|不可|不能)|耐心等待|sorryfortheinconvenience",
    re.IGNORECASE,
)
LOG_OUT = ("退出", "退出登录", "安全退出", "注销", "登出", "退出系统", "Log out", "Logout", "Sign out", "Sign off")
CHOOSE_SHOP = re.compile(r"^(请)?(先)?选择(要登录的|登录的|您的|你的)?(店铺|商家|门店)")
SLIDER = re.compile(
    r"(按住|拖动|向右滑|滑动).*(滑块|验证|完成|拖)|滑块|拖动.*拼图|请按住|slide(right)?to(verify|continue|unlock|complete)|drag.{0,12}(slider|puzzle)",
    re.IGNORECASE,
)
# What stands above a slider, but above the box for a code, too.
VERIFICATION = re.compile(
    r"(请完成(安全|下列|以下)?验证|(?<!通过)(?<!完成)安全验证(?!中心|设置|管理|记录|成功|说明))"
    r"(?!后(才能|即可|可以?|方可|再)?(提现|提款|转账|修改|换绑|绑定|领取|参与|报名|开通|退款))"
    r"|securityverification|completetheverification",
    re.IGNORECASE,
)
# 点选: characters or pictures of a kind that are to be clicked in their order; also what is to be turned upright.
CLICK_PUZZLE = re.compile(
    r"(依次|按(顺序|语序|次序))点[击选按触]|点[击选按触](下图|图中|图片|图案|上图|以下)?.{0,8}(文字|汉字|字符|图案|图片|图形|物体)|(请|按.{0,4})(在)?(下|上|右|左)?图(中|内)?.{0,6}(依次|点[击选])"
    r"|选(择|出)所有|请选出|包含.{0,12}的(图片|图案)|(旋转|转动|拖动).{0,10}(图片|图形|角度|摆正|正)|图片.{0,6}(转正|摆正|旋转)|九宫格|请(按住|长按)|点击(按钮|此处|方框)?(进行|完成|开始|以)?(智能|安全|人机|行为)?验证$"
    r"|clickthe(characters|words|letters|images|pictures|following)|select(all|the).{0,20}(images|squares|pictures)|rotatethe|in(the)?order",
    re.IGNORECASE,
)
SMS_CODE = re.compile(
    r"(短信|手机)(验证|校验|动态)码|(验证|校验)码已发送|(获取|发送)(验证|校验)码|输入.*(验证|校验)码|短信验证"
    r"|\d位.*(验证|校验)码|verificationcode|\d-digitcode",
    re.IGNORECASE,
)
# What has a code sent; not a sentence which says that one was.
SEND_CODE = re.compile(
    r"^(点击)?(获取|发送|重新获取|重新发送|重发|免费获取)(短信|手机|邮箱|邮件|动态)?((验证|校验)?码)?$"
    r"|^(re)?send(me)?(a|the)?(new)?(verification)?(code)?(again)?$|^getcode$",
    re.IGNORECASE,
)
HAND_IN = (
    *("确定", "确认", "提交", "验证", "下一步", "登录", "提交认证", "提交验证", "立即验证", "完成验证", "完成", "继续"),
    *("确认登录", "Verify", "Submit", "Continue", "Next", "Confirm", "OK", "Log in", "Sign in"),
)
CODE_REFUSED = re.compile(
    r"(验证|校验|动态)码.{0,6}(错误|不正确|有误|不匹配|无效|不对|失效|过期)|(错误|失败|尝试)次数(过多|超限)"
    r"|(wrong|incorrect|invalid|expired).*code|code.*(wrong|incorrect|invalid|expired)",
    re.IGNORECASE,
)
APPROVAL = re.compile(
    r"(请|前往|打开).{0,16}(手机|App|客户端).{0,12}(确认|同意|批准).{0,4}(登录|授权|验证|身份)"
    r"|登录.{0,20}(手机|App|客户端).{0,12}(确认|同意|批准)|等待.{0,10}(手机|App).{0,6}确认"
    r"|approve.{0,20}(app|phone|device)",
    re.IGNORECASE,
)
TOTP_CODE = re.compile(r"动态(口令|密码)|身份验证器|验证器(APP|应用)|谷歌验证|令牌|authenticator|totp", re.IGNORECASE)
EMAIL_CODE = re.compile(r"邮箱|邮件|email|e-mail", re.IGNORECASE)
LOG_IN = re.compile(r"登[录陆入]|sign-?in|log-?in", re.IGNORECASE)
QR_LOG_IN = re.compile(r"(扫码|二维码)(登录|登陆)")
IMAGE_CODE = re.compile(r"图[形片像](验证|校验)码|看不清|换一张|图中的?(字符|文字|数字)")
ANY_CODE = re.compile(
    r"(验证|校验|确认)码|(verification|security|confirmation|authentication|one-?time)code|passcode|\botp\b",
    re.IGNORECASE,
)
# What a box beside the one for a code asks for.
OTHER_BOX = re.compile(
    r"手机号|电话|账号|帐号|用户名|邮箱|邮件地址|搜索|关键[词字]|phone|mobile|e-?mail|search|user", re.IGNORECASE
)
# Not 扫一扫 alone: many a page offers its app that way.
QR_CHECK = re.compile(
    r"扫(码|一扫|描)[^，。；]{0,10}(验证|确认|校验|核验|认证)|(使用|打开)[^，。；]{0,16}扫(码|一扫|描)"
)
QR_CODE = re.compile(r"扫码登录|扫一扫|请使用.*扫")
QR_TABS = ("扫码登录", "二维码登录", "扫码", "APP扫码登录", "App扫码登录", "Log in with QR code")
QR_OVER = re.compile(
    r"二维码(已)?(经)?(失效|过期)|(请)?(点击|手动)?(刷新|重新获取)(二维码)?$|code(has)?expired", re.IGNORECASE
)
QR_RENEW = re.compile(r"刷新|重新获取|refresh", re.IGNORECASE)
QR_SCANNED = re.compile(r"(扫描|扫码)成功|已扫(码|描)|(请|在).*手机上?.*确认", re.IGNORECASE)
