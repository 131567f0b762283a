package dev.mortise.billing.paypal;

import dev.mortise.billing.money.Money;
import dev.mortise.billing.payment.ProviderUnavailable;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Products and plans at PayPal, found or made: asking twice makes one. Thread-safe. */
public final class PayPalCatalog {
    private static final int PAGE_SIZE = 20;
    private static final int MAX_PAGES = 50;

    private final PayPalApi api;

    PayPalCatalog(PayPalApi api) {
        this.api = api;
    }

    /**
     * A product under an id of one's own.
     *
     * @param id 6 to 50 characters
     * @return the id
     */
    public String product(String id, String name) {
        if (api.get("/v1/catalogs/products/" + encoded(id)).isPresent()) {
            return id;
        }
        ObjectNode body = PayPalApi.JSON.createObjectNode();
        body.put("id", id).put("name", name).put("type", "SERVICE");
        return PayPalSubscriptions.required(api.post("/v1/catalogs/products", body, key("product", id)), "id");
    }

    /**
     * A plan with one price, found by its name among the product's.
     *
     * @param name unique for the product: with the plan's version and currency in it
     * @param months of a period
     * @param trialDays that are free; zero for none
     * @return PayPal's id of the plan, for a {@link dev.mortise.billing.payment.PlanPrice}
     */
    public String plan(String product, String name, Money price, int months, int trialDays) {
        Optional<String> found = find(product, name);
        if (found.isPresent()) {
            return found.get();
        }
        ObjectNode body = PayPalApi.JSON.createObjectNode();
        body.put("product_id", product).put("name", name).put("status", "ACTIVE");
        ArrayNode cycles = body.putArray("billing_cycles");
        if (trialDays > 0) {
            ObjectNode trial = cycle(cycles, "TRIAL", 1, 1);
            trial.putObject("frequency").put("interval_unit", "DAY").put("interval_count", trialDays);
        }
        ObjectNode regular = cycle(cycles, "REGULAR", trialDays > 0 ? 2 : 1, 0);
        regular.putObject("frequency").put("interval_unit", "MONTH").put("interval_count", months);
        PayPalAmounts.write(regular.putObject("pricing_scheme").putObject("fixed_price"), price);
        body.putObject("payment_preferences").put("auto_bill_outstanding", true).put("payment_failure_threshold", 3);
        return PayPalSubscriptions.required(
                api.post("/v1/billing/plans", body, key("plan", product + '\n' + name)), "id");
    }

    private static ObjectNode cycle(ArrayNode cycles, String tenure, int sequence, int total) {
        return cycles.addObject()
                .put("tenure_type", tenure)
                .put("sequence", sequence)
                .put("total_cycles", total);
    }

    private Optional<String> find(String product, String name) {
        for (int page = 1; page <= MAX_PAGES; page++) {
            JsonNode plans = api.get("/v1/billing/plans?product_id=" + encoded(product) + "&page_size=" + PAGE_SIZE
                            + "&page=" + page)
                    .map(node -> node.path("plans"))
                    .orElseThrow(() -> new ProviderUnavailable("PayPal lists no plans", null));
            for (JsonNode plan : plans) {
                if (name.equals(plan.path("name").asString(""))) {
                    return Optional.of(PayPalSubscriptions.required(plan, "id"));
                }
            }
            if (plans.size() < PAGE_SIZE) {
                return Optional.empty();
            }
        }
        throw new ProviderUnavailable("There are more plans than are looked through", null);
    }

    private static String key(String kind, String what) {
        return UUID.nameUUIDFromBytes(("mortise " + kind + '\n' + what).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
