package dev.mortise.security.access;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.call.Stage;
import dev.mortise.mcp.extension.RunningServer;
import dev.mortise.mcp.extension.ServerCompanion;
import dev.mortise.security.audit.AuditTrail;
import dev.mortise.security.key.KeyStore;
import dev.mortise.security.standing.Standing;
import java.time.Clock;

/** Levels, scopes, grants and approvals, as one part of a server. Installed behind limits and what replays calls. */
public final class AccessControl implements McpServer.Plugin {
    private final AccessRules rules;
    private final Definitions definitions = new Definitions();
    private final DecisionLog log;
    private final ApprovalGate gate;
    private final Approvals approvals;
    private final Payments payments;
    private final SpendGate spending;

    public AccessControl(
            AccessRules rules, AccessStore store, KeyStore keys, Standing standing, AuditTrail audit, Clock clock) {
        this.rules = rules;
        this.log = new DecisionLog(audit, rules, clock);
        Grants grants = new Grants(store, standing, clock);
        ApprovalRequests requests = new ApprovalRequests(store, grants, definitions, rules, clock);
        this.gate = new ApprovalGate(store, requests, grants, definitions, rules, log, clock);
        this.payments = new Payments(keys, clock);
        this.spending = new SpendGate(keys, payments, rules, log);
        this.approvals = new Approvals(store, requests, rules, audit, clock, definitions);
    }

    /** Decides on requests, and gives grants. */
    public Approvals approvals() {
        return approvals;
    }

    @Override
    public void install(McpServerBuilder builder) {
        if (!log.isOff()) {
            builder.intercept(Stage.OBSERVE, log);
        }
        builder.policy(new AccessPolicy(rules))
                .intercept(Stage.AUTHORIZE, gate::grants)
                .intercept(Stage.LIMIT, gate::approvals)
                .intercept(Stage.METER, spending)
                .settlement(payments)
                .intercept(Stage.PROTECT, ApprovalGate::begun)
                .intercept(Stage.PROTECT, SpendGate::begun)
                .companion(new ServerCompanion() {
                    @Override
                    public void start(RunningServer server) {
                        definitions.of(server);
                    }
                });
    }
}
