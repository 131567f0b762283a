package dev.mortise.security.access;

import dev.mortise.mcp.call.Language;

/** What the page of approvals says, in the language of the server. What is put into it has to be safe as HTML already. */
record ApprovalPageText(Language language) {
    /** BCP 47, as {@code lang} has it. */
    String tag() {
        return language.of("en", "zh-CN");
    }

    String title() {
        return language.of("Approval", "批准请求");
    }

    String unavailable() {
        return language.of("Something that this needs is unavailable. Please try again.", "所需的服务暂时不可用，请稍后再试。");
    }

    String decided() {
        return language.of("This request is decided, or its time is over.", "此请求已有决定，或已过期。");
    }

    String somebodyElseByAddress() {
        return language.of(
                "Somebody else has to decide on this. They can open this very address.", "此请求须由其他人决定。对方可以打开同一地址。");
    }

    String somebodyElse() {
        return language.of("Somebody else has to decide on this.", "此请求须由其他人决定。");
    }

    String foreignForm() {
        return language.of("This form is not from here. Please open the page again.", "此表单并非由本页面发出。请重新打开页面。");
    }

    String thanks() {
        return language.of("Thank you. You can close this page.", "谢谢。您可以关闭此页面。");
    }

    String nothing() {
        return language.of("There is nothing for you to decide here.", "此处没有需要您决定的内容。");
    }

    String you(String who) {
        return language.of("You are " + who + ".", "您的身份：" + who + "。");
    }

    String wantsToUse(String who, String what) {
        return language.of(
                who + " wants to use <b>" + what + "</b> for a while", who + " 请求在一段时间内使用 <b>" + what + "</b>");
    }

    String wantsToCall(String who, String what, String arguments) {
        return language.of(
                who + " wants to call <b>" + what + "</b> with <pre>" + arguments + "</pre>",
                who + " 请求调用 <b>" + what + "</b>，参数如下：<pre>" + arguments + "</pre>");
    }

    String approve() {
        return language.of("Approve", "批准");
    }

    String deny() {
        return language.of("Deny", "拒绝");
    }
}
