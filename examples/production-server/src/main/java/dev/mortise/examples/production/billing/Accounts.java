package dev.mortise.examples.production.billing;

import dev.mortise.examples.production.settings.Setting;
import dev.mortise.examples.production.settings.Settings;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.call.Stage;
import dev.mortise.rag.KnowledgeBase;
import dev.mortise.security.Security;
import dev.mortise.security.audit.AuditTrail;
import java.time.Clock;

/** Everything about accounts that a server has: metering, tools, the API of administrators, and the page of plans. */
public final class Accounts implements McpServer.Plugin {
    private final Accounting accounting;
    private final KnowledgeBase documents;
    private final Settings settings;
    private final Security security;
    private final AuditTrail audit;
    private final Clock clock;

    public Accounts(
            Accounting accounting,
            KnowledgeBase documents,
            Settings settings,
            Security security,
            AuditTrail audit,
            Clock clock) {
        this.accounting = accounting;
        this.documents = documents;
        this.settings = settings;
        this.security = security;
        this.audit = audit;
        this.clock = clock;
    }

    @Override
    public void install(McpServerBuilder builder) {
        BillingAudit trail = new BillingAudit(audit, clock);
        String seller = settings.get(Setting.MORTISE_SELLER);
        // Before metering, so that a document for which there is no room costs nothing.
        builder.intercept(Stage.METER, new StorageGate(accounting, documents))
                .plugin(accounting)
                .plugin(new UsageTools(accounting, clock))
                .plugin(new BillingTools(accounting, new KnownPayers(accounting, security), seller, trail, clock))
                .plugin(new BillingApi(accounting, security.authenticator(), trail, seller, clock))
                .route(PlansPage.at("/plans", accounting.books()));
    }
}
