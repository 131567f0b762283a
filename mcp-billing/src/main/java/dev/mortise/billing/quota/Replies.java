package dev.mortise.billing.quota;

import dev.mortise.mcp.call.Language;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.CallToolResult;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** What clients get to see of metering. */
final class Replies {
    static final String QUOTA = "dev.mortise/quota";
    static final String RECEIPT = "dev.mortise/usageReceipt";
    static final String PRICE = "dev.mortise/price";

    private Replies() {}

    static ObjectNode data(Denial denial, @Nullable URI upgrade) {
        ObjectNode data = Json.object().put("reason", denial.reason().name().toLowerCase(java.util.Locale.ROOT));
        data.put(denial.reason() == Denial.Reason.FEATURE ? "feature" : "meter", denial.subject());
        if (denial.reason() != Denial.Reason.FEATURE) {
            data.put("requested", denial.requested()).put("used", denial.used()).put("limit", denial.limit());
        }
        if (denial.held() > 0) {
            data.put("held", denial.held());
        }
        if (denial.resetsAt() != null) {
            data.put("resetsAt", denial.resetsAt().toString());
        }
        if (upgrade != null) {
            data.put("upgradeUrl", upgrade.toString());
        }
        return data;
    }

    /** @param shaped whether the tool's results have a schema: clients hold errors to it, too */
    static CallToolResult result(Denial denial, @Nullable URI upgrade, boolean shaped, Language language) {
        ObjectNode data = data(denial, upgrade);
        CallToolResult result = CallToolResult.error(DenialWords.of(denial, upgrade, language));
        result = result.withMeta(result.meta().with(QUOTA, data));
        return shaped ? result : result.withStructuredContent(data);
    }

    static Outcome refusal(Denial denial, @Nullable URI upgrade, Language language) {
        return new Outcome.Refused(
                new Refusal.QuotaExceeded(DenialWords.of(denial, upgrade, language), data(denial, upgrade)));
    }

    static byte[] receipt(Quote quote, Map<String, Long> charged) {
        ObjectNode receipt = Json.object()
                .put("jti", quote.reservation())
                .put("sub", quote.tenant())
                .put("iat", quote.at().getEpochSecond())
                .put("item", quote.item());
        receipt.set("charged", units(charged));
        return Json.write(receipt);
    }

    static ObjectNode units(Map<String, Long> units) {
        ObjectNode node = Json.object();
        units.forEach(node::put);
        return node;
    }
}
