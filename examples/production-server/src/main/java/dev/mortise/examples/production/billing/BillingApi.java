package dev.mortise.examples.production.billing;

import dev.mortise.billing.admin.AdministratorApi;
import dev.mortise.billing.admin.WebhookLog;
import dev.mortise.billing.payment.Payments;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import java.time.Clock;
import java.util.HashSet;
import java.util.Set;

/** The administrator API of billing beside that of security, below /admin/billing, for the same administrators. */
final class BillingApi implements McpServer.Plugin {
    static final String BASE = "/admin/billing";

    private final Accounting accounting;
    private final Authenticator authenticator;
    private final BillingAudit audit;
    private final String seller;
    private final Clock clock;

    BillingApi(Accounting accounting, Authenticator authenticator, BillingAudit audit, String seller, Clock clock) {
        this.accounting = accounting;
        this.authenticator = authenticator;
        this.audit = audit;
        this.seller = seller;
        this.clock = clock;
    }

    @Override
    public void install(McpServerBuilder builder) {
        AdministratorApi api = new AdministratorApi(
                BASE,
                origin -> switch (authenticator.authenticate(origin)) {
                    case Authenticator.Admission.Rejected rejected -> rejected;
                    case Authenticator.Admission.Admitted admitted ->
                        Authenticator.admit(accountant(admitted.caller()));
                },
                audit,
                accounting.books(),
                accounting.entitlements(),
                accounting.ledger(),
                accounting.meters(),
                accounting.payments().map(Payments::webhooks).orElse(WebhookLog.NONE),
                seller,
                clock);
        api.routes().forEach(builder::route);
    }

    /** Who administers this server administers its accounts: there is one kind of administrator here. */
    private static Caller accountant(Caller caller) {
        if (!caller.scopes().contains(dev.mortise.security.admin.AdministratorApi.ADMIN)) {
            return caller;
        }
        Set<String> scopes = new HashSet<>(caller.scopes());
        scopes.add(AdministratorApi.ADMIN);
        Caller accountant = caller.withScopes(scopes);
        // The books know tenants by the names of payers.
        return caller.tenant().isPresent() ? accountant.withTenant(Payer.of(caller)) : accountant;
    }
}
