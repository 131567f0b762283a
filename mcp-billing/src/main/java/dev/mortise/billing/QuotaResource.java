package dev.mortise.billing;

import dev.mortise.billing.ledger.LedgerStore.WindowState;
import dev.mortise.billing.plan.Allowance;
import dev.mortise.billing.plan.Entitlement;
import dev.mortise.billing.plan.Entitlements;
import dev.mortise.billing.plan.Measure;
import dev.mortise.billing.quota.MeteringOptions;
import dev.mortise.billing.quota.Quotas;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceCall;
import dev.mortise.mcp.server.ResourceOutcome;
import java.time.Clock;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ObjectNode;

/** How much is left, for whoever reads it. A resource, because what lists say must not change with use. */
final class QuotaResource {
    static final String URI = "billing://quota";

    private final Quotas quotas;
    private final Entitlements entitlements;
    private final MeteringOptions options;
    private final Clock clock;

    QuotaResource(Quotas quotas, Entitlements entitlements, MeteringOptions options, Clock clock) {
        this.quotas = quotas;
        this.entitlements = entitlements;
        this.options = options;
        this.clock = clock;
    }

    /** @param marks puts on it what a host has other modules know of it */
    Resource resource(UnaryOperator<Resource.Builder> marks) {
        return marks.apply(Resource.at(URI, "quota")
                        .title("Remaining quota")
                        .description("What the plan of this account includes, and what is used of it")
                        .mimeType("application/json"))
                .read(this::read);
    }

    private ResourceOutcome read(ResourceCall call) {
        String tenant = options.tenantOf().apply(call.caller());
        Entitlement entitlement = entitlements.of(tenant, clock.instant());
        ObjectNode quota = Json.object();
        entitlement.plan().ifPresent(plan -> quota.put("plan", plan.toString()));
        ObjectNode meters = quota.putObject("meters");
        entitlement.allowances().forEach((meter, allowance) -> add(meters.putObject(meter), tenant, allowance));
        var features = quota.putArray("features");
        entitlement.features().forEach(features::add);
        return ResourceOutcome.found(call.text(quota.toString()));
    }

    private void add(ObjectNode meter, String tenant, Allowance allowance) {
        WindowState state = quotas.standing(tenant, allowance);
        meter.put("used", state.used());
        allowance.included().ifPresent(included -> meter.put("included", included));
        allowance.hardLimit().ifPresent(limit -> {
            meter.put("limit", limit);
            meter.put("remaining", Math.max(0, limit - state.used()));
        });
        if (allowance.measure() == Measure.SUM) {
            meter.put("resetsAt", allowance.resetsAt().toString());
        }
    }
}
