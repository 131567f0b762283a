package dev.mortise.examples.production.console;

import dev.mortise.mcp.call.Language;

/** What the page of an account says, in both languages. */
enum AccountText {
    TITLE("Your account", "您的账户"),
    OTHER_LANGUAGE("中文", "English"),
    SIGN_IN("Sign in", "登录"),
    SIGN_OUT("Sign out", "退出登录"),
    KEY("Your API key", "您的 API 密钥"),
    KEY_HINT("It is sent this once, and kept where no script can read it.", "密钥只发送这一次，并保存在脚本无法读取的地方。"),
    WRONG_KEY("This key is not good here.", "此密钥在这里无效。"),
    FOR_SOME_TOOLS("This key is for some tools only.", "此密钥只能用于部分工具。"),
    TOO_OFTEN("Too many wrong keys came from here. Try again in a minute.", "来自此处的错误密钥过多，请一分钟后再试。"),
    NOT_FROM_HERE("Open this page itself, and send the form from there.", "请直接打开本页面，再从本页面提交。"),
    AWAY("Something this needs is unavailable. Try again in a moment.", "所需的服务暂时不可用，请稍后再试。"),
    SIGNED_OUT("You are signed out.", "您已退出登录。"),
    ENDED("Please sign in again.", "请重新登录。"),
    OF_TENANT("%2$s of %1$s", "%1$s 的 %2$s"),
    OF_HOUSE("%s, of no tenant: this server's own house pays", "%s，不属于任何租户：费用由本服务器自行承担"),
    PLAN("Plan", "套餐"),
    PRICE("Price", "价格"),
    AGREED("agreed upon", "面议"),
    STANDING("Standing", "状态"),
    PERIOD("This period", "当前周期"),
    METER("What", "项目"),
    USED("Used", "已用"),
    INCLUDED("Included", "包含"),
    UNLIMITED("unlimited", "不限"),
    RESETS("Begins anew", "重新计算"),
    CHOOSE("Choose another plan", "选择其他套餐"),
    CHOOSE_THIS("Choose %s at %s", "在 %2$s 选择 %1$s"),
    PAGE_OF_PROVIDER(
            "You go on to the page of whoever collects the money. Nothing is paid before you confirm it there.",
            "您将前往收款方的页面，在那里确认之前不会产生任何费用。"),
    MAY_NOT_PAY(
            "This key may not choose a plan. Whoever runs this server makes one that may, with the scope account:pay.",
            "此密钥不能选择套餐。本服务器的管理员可以创建具有 account:pay 权限的密钥。"),
    NOTHING_SOLD("Plans are changed by whoever runs this server.", "套餐由本服务器的管理员更换。"),
    BACK(
            "Thank you. The plan changes as soon as the payment is confirmed, mostly within seconds: load this page again.",
            "谢谢。付款确认后套餐即会更换，通常只需几秒：请重新加载本页面。"),
    LATER("The payment page is being prepared. Press the button once more.", "付款页面正在准备，请再按一次按钮。"),
    NO_SUCH_PLAN("There is no such plan.", "没有这个套餐。"),
    SUBSCRIBED("There is a subscription already. Ask for it to be changed instead.", "已有订阅，请改为申请变更。"),
    REFUSED("That did not work, and nothing was paid. Ask whoever runs this server.", "操作未成功，也没有付款。请联系本服务器的管理员。");

    private final String english;
    private final String chinese;

    AccountText(String english, String chinese) {
        this.english = english;
        this.chinese = chinese;
    }

    String in(Language language) {
        return language.of(english, chinese);
    }

    String in(Language language, Object... values) {
        return in(language).formatted(values);
    }
}
