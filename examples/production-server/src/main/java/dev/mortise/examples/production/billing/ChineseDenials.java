package dev.mortise.examples.production.billing;

import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Interceptor;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.schema.CallToolResult;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Says in Chinese what billing refuses, from the figures that it refuses with. Stands before metering. */
final class ChineseDenials implements Interceptor {
    private static final String QUOTA = "dev.mortise/quota";

    @Override
    public Outcome intercept(Call call, Chain chain) {
        Outcome outcome = chain.proceed(call);
        return switch (outcome) {
            case Outcome.Complete complete
            when complete.result() instanceof CallToolResult result && result.isError() ->
                words(result.meta().get(QUOTA).orElse(null))
                        .<Outcome>map(words -> new Outcome.Complete(inChinese(result, words)))
                        .orElse(outcome);
            case Outcome.Refused refused
            when refused.refusal() instanceof Refusal.QuotaExceeded exceeded ->
                words(exceeded.data())
                        .<Outcome>map(words -> new Outcome.Refused(new Refusal.QuotaExceeded(words, exceeded.data())))
                        .orElse(outcome);
            case Outcome.Complete complete -> outcome;
            case Outcome.Refused refused -> outcome;
            case Outcome.InputRequired required -> outcome;
            case Outcome.Extended extended -> outcome;
        };
    }

    private static CallToolResult inChinese(CallToolResult result, String words) {
        CallToolResult said = CallToolResult.error(words).withMeta(result.meta());
        return result.structuredContent() == null ? said : said.withStructuredContent(result.structuredContent());
    }

    private static Optional<String> words(@Nullable JsonNode data) {
        if (data == null) {
            return Optional.empty();
        }
        String meter = data.path("meter").asString("");
        String what = switch (data.path("reason").asString("")) {
            case "exhausted" ->
                "额度 " + meter + " 已用尽：已用 " + data.path("used").asLong(0) + "，上限 "
                        + data.path("limit").asLong(0) + "，本次还需要 "
                        + data.path("requested").asLong(0) + "。"
                        + (data.has("resetsAt") ? "将于 " + data.path("resetsAt").asString("") + " 重新开始计算。" : "");
            case "not_included" -> "此账户的套餐不包含 " + meter + "。";
            case "feature" -> "此账户的套餐没有功能 " + data.path("feature").asString("") + "。";
            default -> "";
        };
        String page = data.path("upgradeUrl").asString("");
        return what.isEmpty()
                ? Optional.empty()
                : Optional.of(what + (page.isEmpty() ? "" : "用户可在此更换套餐：" + page + " 。") + "未执行任何操作，也未收费；立即重试没有用。");
    }
}
