package dev.mortise.billing.quota;

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

    /** For the model: what is missing, and what to do about it. */
    static String words(Denial denial, @Nullable URI upgrade) {
        String what = switch (denial.reason()) {
            case EXHAUSTED ->
                "The quota of " + denial.subject() + " is used up: " + denial.used() + " of " + denial.limit()
                        + " are used, and this needs " + denial.requested() + " more."
                        + (denial.resetsAt() == null ? "" : " It begins anew at " + denial.resetsAt() + ".");
            case NOT_INCLUDED -> "The plan of this account does not include " + denial.subject() + ".";
            case FEATURE -> "The plan of this account does not have the feature " + denial.subject() + ".";
        };
        return what + (upgrade == null ? "" : " The user can upgrade the plan at " + upgrade + " .")
                + " Nothing was done and nothing was charged; trying again at once does not help.";
    }

    static ObjectNode data(Denial denial, @Nullable URI upgrade) {
        ObjectNode data = Json.object().put("reason", denial.reason().name().toLowerCase(java.util.Locale.ROOT));
        data.put(denial.reason() == Denial.Reason.FEATURE ? "feature" : "meter", denial.subject());
        if (denial.reason() != Denial.Reason.FEATURE) {
            data.put("requested", denial.requested()).put("used", denial.used()).put("limit", denial.limit());
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
    static CallToolResult result(Denial denial, @Nullable URI upgrade, boolean shaped) {
        ObjectNode data = data(denial, upgrade);
        CallToolResult result = CallToolResult.error(words(denial, upgrade));
        result = result.withMeta(result.meta().with(QUOTA, data));
        return shaped ? result : result.withStructuredContent(data);
    }

    static Outcome refusal(Denial denial, @Nullable URI upgrade) {
        return new Outcome.Refused(new Refusal.QuotaExceeded(words(denial, upgrade), data(denial, upgrade)));
    }

    static byte[] receipt(Reservation reservation, Map<String, Long> charged) {
        ObjectNode receipt = Json.object()
                .put("jti", reservation.id())
                .put("sub", reservation.tenant())
                .put("iat", reservation.at().getEpochSecond())
                .put("item", reservation.item());
        receipt.set("charged", units(charged));
        return Json.write(receipt);
    }

    static ObjectNode units(Map<String, Long> units) {
        ObjectNode node = Json.object();
        units.forEach(node::put);
        return node;
    }
}
