package dev.mortise.billing.plan;

import dev.mortise.billing.money.InvalidAmount;
import dev.mortise.billing.money.Money;
import dev.mortise.billing.money.Rate;
import dev.mortise.billing.money.WrongCurrency;
import dev.mortise.mcp.json.Json;
import java.util.ArrayList;
import java.util.Currency;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Plans as JSON. Everything is checked when it is read: a member that is unknown, missing or out of its range is an
 * {@link InvalidPlan} that names it. Amounts and rates are strings, so that no reader makes floating point of them.
 *
 * <pre>{@code
 * {"id": "starter", "version": 1, "name": "Starter", "currency": "USD", "price": "29.00",
 *  "meters": {"api_calls": {"included": 10000,
 *                       "overage": {"model": "flat", "rate": "0.002"}}},
 *  "features": ["custom-tools"], "graceDays": 7}
 * }</pre>
 */
public final class PlanJson {
    private PlanJson() {}

    /** @throws InvalidPlan if the bytes are no JSON, or no plan */
    public static Plan read(byte[] json) {
        return read(tree(json));
    }

    /**
     * Several plans: an array of them.
     *
     * @throws InvalidPlan if the bytes are no JSON, or something in it is no plan
     */
    public static List<Plan> readAll(byte[] json) {
        JsonNode node = tree(json);
        if (!node.isArray()) {
            throw new InvalidPlan("plans", "are a JSON array");
        }
        List<Plan> plans = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            JsonNode item = node.get(i);
            plans.add(PlanFields.within("[" + i + "]", () -> read(item)));
        }
        return List.copyOf(plans);
    }

    private static JsonNode tree(byte[] json) {
        try {
            return Json.read(json);
        } catch (Json.InvalidJson e) {
            throw new InvalidPlan("plan", "is not JSON: " + e.reason());
        }
    }

    /** @throws InvalidPlan if it is no plan */
    public static Plan read(JsonNode node) {
        PlanFields fields = new PlanFields(
                node,
                Set.of(
                        "id",
                        "version",
                        "name",
                        "currency",
                        "price",
                        "months",
                        "meters",
                        "features",
                        "trialDays",
                        "graceDays"));
        Currency currency = currency(fields);
        Map<String, MeterTerms> meters = new TreeMap<>();
        fields.object("meters").forEach((meter, terms) -> {
            String path = "meters." + Names.require("meters." + meter, meter);
            meters.put(meter, PlanFields.within(path, () -> terms(terms, currency)));
        });
        return new Plan(
                new PlanRef(fields.text("id"), fields.integer("version", 1)),
                fields.text("name"),
                currency,
                fields.textOr("price").map(price -> amount(price, currency)),
                fields.integer("months", 1),
                meters,
                new LinkedHashSet<>(fields.texts("features")),
                fields.integer("trialDays", 0),
                fields.integer("graceDays", 0));
    }

    private static Currency currency(PlanFields fields) {
        String code = fields.text("currency");
        try {
            Currency currency = Currency.getInstance(code);
            return Money.zero(currency).currency();
        } catch (WrongCurrency e) {
            throw new InvalidPlan("currency", "is one with 0, 2 or 3 decimals, not " + code);
        } catch (IllegalArgumentException e) {
            throw new InvalidPlan("currency", "is a code of ISO 4217 such as USD");
        }
    }

    private static Money amount(String text, Currency currency) {
        try {
            return Money.of(text, currency);
        } catch (InvalidAmount e) {
            throw new InvalidPlan("price", "is no amount: " + e.getMessage());
        }
    }

    private static MeterTerms terms(JsonNode node, Currency currency) {
        PlanFields fields = new PlanFields(node, Set.of("measure", "included", "hardLimit", "overage", "thresholds"));
        return new MeterTerms(
                fields.textOr("measure").map(PlanJson::measure).orElse(Measure.SUM),
                fields.number("included"),
                fields.number("hardLimit"),
                fields.node("overage").map(overage -> PlanFields.within("overage", () -> overage(overage, currency))),
                fields.integers("thresholds").orElse(MeterTerms.DEFAULT_THRESHOLDS));
    }

    private static Measure measure(String text) {
        return switch (text) {
            case "sum" -> Measure.SUM;
            case "peak" -> Measure.PEAK;
            case "average" -> Measure.AVERAGE;
            default -> throw new InvalidPlan("measure", "is sum, peak or average");
        };
    }

    private static Overage overage(JsonNode node, Currency currency) {
        PlanFields fields = new PlanFields(node, Set.of("model", "rate", "per", "tiers"));
        String model = fields.text("model");
        if (model.equals("tiered") || model.equals("volume")) {
            fields.refuse("rate", "tiers");
        } else if (model.equals("flat") || model.equals("package")) {
            fields.refuse("tiers", "rate");
        }
        return switch (model) {
            case "flat" -> new Overage.Flat(rate(fields, fields.per(1), currency));
            case "package" -> new Overage.Packages(rate(fields, fields.per(1), currency));
            case "tiered" -> new Overage.Tiered(tiers(fields, currency));
            case "volume" -> new Overage.Volume(tiers(fields, currency));
            default -> throw new InvalidPlan("model", "is flat, tiered, volume or package");
        };
    }

    private static List<Tier> tiers(PlanFields fields, Currency currency) {
        List<Tier> tiers = new ArrayList<>();
        long per = fields.per(1);
        List<JsonNode> nodes = fields.nodes("tiers");
        for (int i = 0; i < nodes.size(); i++) {
            JsonNode node = nodes.get(i);
            tiers.add(PlanFields.within("tiers[" + i + "]", () -> {
                PlanFields tier = new PlanFields(node, Set.of("upTo", "rate"));
                return new Tier(tier.number("upTo"), rate(tier, per, currency));
            }));
        }
        return tiers;
    }

    private static Rate rate(PlanFields fields, long per, Currency currency) {
        String text = fields.text("rate");
        try {
            return Rate.of(text, per, currency);
        } catch (InvalidAmount e) {
            throw new InvalidPlan("rate", "is no rate: " + e.getMessage());
        }
    }

    /** The JSON of a plan, with every member that is not as it would be unless said. */
    public static ObjectNode write(Plan plan) {
        ObjectNode node = Json.object()
                .put("id", plan.ref().id())
                .put("version", plan.ref().version())
                .put("name", plan.name())
                .put("currency", plan.currency().getCurrencyCode());
        plan.price().ifPresent(price -> node.put("price", price.major().toPlainString()));
        node.put("months", plan.months());
        ObjectNode meters = node.putObject("meters");
        plan.meters().forEach((meter, terms) -> meters.set(meter, write(terms)));
        ArrayNode features = node.putArray("features");
        plan.features().forEach(features::add);
        return node.put("trialDays", plan.trialDays()).put("graceDays", plan.graceDays());
    }

    private static ObjectNode write(MeterTerms terms) {
        ObjectNode node = Json.object().put("measure", terms.measure().name().toLowerCase(Locale.ROOT));
        terms.included().ifPresent(included -> node.put("included", included));
        terms.hardLimit().ifPresent(limit -> node.put("hardLimit", limit));
        terms.overage().ifPresent(overage -> node.set("overage", write(overage)));
        ArrayNode thresholds = node.putArray("thresholds");
        terms.thresholds().forEach(thresholds::add);
        return node;
    }

    private static ObjectNode write(Overage overage) {
        return switch (overage) {
            case Overage.Flat flat -> write("flat", flat.rate());
            case Overage.Packages pack -> write("package", pack.rate());
            case Overage.Tiered tiered -> write("tiered", tiered.tiers());
            case Overage.Volume volume -> write("volume", volume.tiers());
        };
    }

    private static ObjectNode write(String model, Rate rate) {
        return Json.object()
                .put("model", model)
                .put("rate", rate.amount().toPlainString())
                .put("per", rate.per());
    }

    private static ObjectNode write(String model, List<Tier> tiers) {
        ObjectNode node = Json.object()
                .put("model", model)
                .put("per", tiers.getFirst().rate().per());
        ArrayNode array = node.putArray("tiers");
        for (Tier tier : tiers) {
            ObjectNode item = array.addObject();
            OptionalLong upTo = tier.upTo();
            upTo.ifPresent(bound -> item.put("upTo", bound));
            item.put("rate", tier.rate().amount().toPlainString());
        }
        return node;
    }
}
