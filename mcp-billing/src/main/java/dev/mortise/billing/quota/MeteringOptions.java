package dev.mortise.billing.quota;

import dev.mortise.billing.meter.RefundPolicy;
import dev.mortise.billing.meter.Weight;
import dev.mortise.mcp.call.Caller;
import java.net.URI;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How calls are metered.
 *
 * @param tenantOf who pays for a caller
 * @param toolWeight of tools that have none of their own
 * @param refunds of what has none of its own
 * @param upgrade a page of the host where users change their plan; it finds out itself who the user is
 * @param asksToUpgrade whether a client that can open pages is asked to, before a call is denied
 * @param receipts {@code null} for none
 * @param taskTtl how long a charge is held for a task that is not heard of
 */
public record MeteringOptions(
        Function<Caller, String> tenantOf,
        Weight toolWeight,
        RefundPolicy refunds,
        @Nullable URI upgrade,
        boolean asksToUpgrade,
        @Nullable ReceiptSigner receipts,
        WhenUnavailable whenUnavailable,
        Duration taskTtl) {}
