package dev.mortise.billing;

import dev.mortise.billing.ledger.Journal;
import dev.mortise.billing.ledger.Ledger;
import dev.mortise.billing.ledger.LedgerStore;
import dev.mortise.billing.plan.Entitlements;
import dev.mortise.billing.quota.ChargeSettlement;
import dev.mortise.billing.quota.MeteringInterceptor;
import dev.mortise.billing.quota.MeteringOptions;
import dev.mortise.billing.quota.Quotas;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Stage;
import dev.mortise.mcp.extension.RunningServer;
import dev.mortise.mcp.extension.ServerCompanion;
import dev.mortise.mcp.health.HealthCheck;
import dev.mortise.mcp.server.Resource;
import java.time.Clock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Counts the calls of a server, and stops them at the limits of their tenants' plans: one plugin. It may serve several
 * servers of one process; close it after them. The store is borrowed. Thread-safe.
 *
 * <pre>{@code
 * Billing billing = Billing.in(JdbcLedgerStore.in(dataSource).migrate(), entitlements).build();
 * McpServer server = McpServer.builder("documents", "1.0").plugin(billing).tool(…).build();
 * }</pre>
 */
public final class Billing implements McpServer.Plugin, AutoCloseable {
    private final Journal journal;
    private final Ledger ledger;
    private final Quotas quotas;
    private final MeteringOptions options;
    private final Resource resource;
    private final ChargeSettlement settlement;

    Billing(
            Journal journal,
            Ledger ledger,
            Quotas quotas,
            MeteringOptions options,
            Entitlements entitlements,
            UnaryOperator<Resource.Builder> marks,
            Clock clock) {
        this.journal = journal;
        this.ledger = ledger;
        this.quotas = quotas;
        this.options = options;
        this.resource = new QuotaResource(quotas, entitlements, options, clock).resource(marks);
        this.settlement = new ChargeSettlement(quotas, options.taskTtl(), options.receipts());
    }

    /**
     * Begins with where usage is kept, and who may use how much.
     *
     * @param entitlements are asked on every call
     */
    public static BillingBuilder in(LedgerStore store, Entitlements entitlements) {
        return new BillingBuilder(store, entitlements);
    }

    /** What was used; books what is used elsewhere than in calls. */
    public Ledger ledger() {
        return ledger;
    }

    /** Holds units for work that is no call. */
    public Quotas quotas() {
        return quotas;
    }

    /** Whether the ledger is written. */
    public HealthCheck healthCheck() {
        return journal.healthCheck();
    }

    @Override
    public void install(McpServerBuilder builder) {
        Installed installed = new Installed();
        builder.intercept(Stage.METER, new MeteringInterceptor(quotas, options, settlement, installed::hasOutputSchema))
                .settlement(settlement)
                .definitionMeta(new Prices(options))
                .resource(resource)
                .companion(installed);
    }

    /** Knows the tools of the server that this was installed in. */
    private static final class Installed implements ServerCompanion {
        private volatile @Nullable RunningServer server;

        @Override
        public void start(RunningServer newServer) {
            this.server = newServer;
        }

        boolean hasOutputSchema(Call call) {
            RunningServer running = server;
            return running != null
                    && running.tool(call.caller(), call.target().name())
                            .map(tool -> tool.definition().outputSchema() != null)
                            .orElse(false);
        }
    }

    /** Writes what waits, and gives back what is held. */
    @Override
    public void close() {
        quotas.close();
        journal.close();
    }
}
