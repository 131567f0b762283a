package dev.mortise.billing;

import dev.mortise.billing.meter.Metering;
import dev.mortise.billing.meter.Weight;
import dev.mortise.billing.quota.MeteringOptions;
import dev.mortise.mcp.extension.DefinitionMeta;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.Meta;
import dev.mortise.mcp.server.Entry;
import dev.mortise.mcp.server.Tool;
import tools.jackson.databind.node.ObjectNode;

/** Shows in lists what a call of something weighs. The same for everybody, and the same however much is used. */
record Prices(MeteringOptions options) implements DefinitionMeta {
    private static final String KEY = "dev.mortise/price";

    @Override
    public Meta of(Entry entry, Meta meta) {
        Weight weight = entry.attributes()
                .get(Metering.WEIGHT)
                .orElse(entry instanceof Tool ? options.toolWeight() : Weight.NOTHING);
        ObjectNode price = Json.object();
        if (!weight.isNothing()) {
            ObjectNode units = price.putObject("units");
            weight.units().forEach(units::put);
        }
        entry.attributes().get(Metering.FEATURE).ifPresent(feature -> price.put("feature", feature));
        return price.isEmpty() ? meta : meta.with(KEY, price);
    }
}
