package dev.mortise.billing.quota;

import dev.mortise.mcp.call.Language;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** What a model is told of a denial: what is missing, and what to do about it. */
final class DenialWords {
    private DenialWords() {}

    /** @param upgrade where a user can have the plan changed */
    static String of(Denial denial, @Nullable URI upgrade, Language language) {
        return language.of(english(denial, upgrade), chinese(denial, upgrade));
    }

    private static String english(Denial denial, @Nullable URI upgrade) {
        String what = switch (denial.reason()) {
            case EXHAUSTED ->
                "The quota of " + denial.subject() + " is used up: " + denial.used() + " of " + denial.limit()
                        + " are used"
                        + (denial.held() == 0 ? "" : ", " + denial.held() + " are held for other calls")
                        + ", and this needs " + denial.requested() + " more."
                        + (denial.resetsAt() == null ? "" : " It begins anew at " + denial.resetsAt() + ".");
            case NOT_INCLUDED -> "The plan of this account does not include " + denial.subject() + ".";
            case FEATURE -> "The plan of this account does not have the feature " + denial.subject() + ".";
        };
        return what + (upgrade == null ? "" : " The user can upgrade the plan at " + upgrade + " .")
                + " Nothing was done and nothing was charged; trying again at once does not help.";
    }

    private static String chinese(Denial denial, @Nullable URI upgrade) {
        String what = switch (denial.reason()) {
            case EXHAUSTED ->
                "额度 " + denial.subject() + " 已用尽：已用 " + denial.used() + "，上限 " + denial.limit()
                        + (denial.held() == 0 ? "" : "，其他调用占用 " + denial.held()) + "，本次还需要 " + denial.requested() + "。"
                        + (denial.resetsAt() == null ? "" : "将于 " + denial.resetsAt() + " 重新开始计算。");
            case NOT_INCLUDED -> "此账户的套餐不包含 " + denial.subject() + "。";
            case FEATURE -> "此账户的套餐没有功能 " + denial.subject() + "。";
        };
        return what + (upgrade == null ? "" : "用户可在此更换套餐：" + upgrade + " 。") + "未执行任何操作，也未收费；立即重试没有用。";
    }
}
