package dev.mortise.examples.production.admin;

import dev.mortise.examples.production.account.KeyView;
import dev.mortise.examples.production.tool.CannotAnswer;
import dev.mortise.examples.production.tool.ToolKind;
import dev.mortise.examples.production.tool.ToolText;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.json.Bounds;
import dev.mortise.mcp.json.DefaultValue;
import dev.mortise.mcp.json.Description;
import dev.mortise.mcp.json.Length;
import dev.mortise.security.Credential;
import dev.mortise.security.Security;
import dev.mortise.security.audit.AuditEvent;
import dev.mortise.security.audit.AuditTrail;
import dev.mortise.security.key.StoredKey;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who is let in. Keys are made on the command line and at /admin/keys, and not by a tool: a new key's secret would stand in
 * the conversation.
 */
public final class KeyTools implements McpServer.Plugin {
    private static final Duration TIMEOUT = Duration.ofSeconds(8);
    private static final int PAGE = 1_000;

    private final Security security;
    private final AuditTrail audit;
    private final Clock clock;

    public KeyTools(Security security, AuditTrail audit, Clock clock) {
        this.security = security;
        this.audit = audit;
        this.clock = clock;
    }

    record Stretch(
            @Description("The id after which to go on") @Length(max = 100) @Nullable
            String after,

            @DefaultValue("50") @Bounds(min = 1, max = 500) int limit) {}

    record Keys(List<KeyView> keys) {}

    record Id(
            @Description("Of a key, from list_keys") @Length(min = 1, max = 100)
            String id) {}

    record Revoked(
            String id,
            @Description("False if it was revoked before") boolean now) {}

    record Nothing() {}

    record Holder(
            @Nullable String tenant,
            String subject,
            @Description("Keys that are good") int keys) {}

    record Holders(List<Holder> users) {}

    @Override
    public void install(McpServerBuilder builder) {
        builder.tool(ToolKind.WATCHES
                        .named("list_users", "List users", TIMEOUT)
                        .description(
                                "Lists who has API keys, by tenant and name, and how many of these are good. Users of an"
                                        + " authorization server, who have no key, are not among them; the directory of users with"
                                        + " roles and whether they are disabled is another list, at /admin/users.")
                        .takes(Nothing.class)
                        .gives(Holders.class)
                        .by((in, call) -> new Holders(holders(call.caller()))))
                .tool(ToolKind.WATCHES
                        .named("list_keys", "List API keys", TIMEOUT)
                        .description("Lists API keys of all users, with what they reach and when they were last used.")
                        .takes(Stretch.class)
                        .gives(Keys.class)
                        .by((in, call) -> new Keys(page(call.caller(), in.after(), in.limit()).stream()
                                .map(KeyView::of)
                                .toList())))
                .tool(ToolKind.ADMINISTERS
                        .named("revoke_key", "Revoke an API key", TIMEOUT)
                        .description(
                                "Revokes an API key and all that were derived from it, for good and within seconds."
                                        + " Ask the administrator before you use this.")
                        .takes(Id.class)
                        .gives(Revoked.class)
                        .by((in, call) -> revoke(in.id(), call.caller())));
    }

    private List<StoredKey> page(Caller administrator, @Nullable String after, int limit) {
        return security.keys().list(administrator.tenant().orElse(null), after, limit);
    }

    private List<Holder> holders(Caller administrator) {
        Map<String, Holder> holders = new TreeMap<>();
        String after = null;
        List<StoredKey> keys;
        do {
            keys = page(administrator, after, PAGE);
            for (StoredKey key : keys) {
                int good = key.isGood(clock.instant()) ? 1 : 0;
                holders.merge(
                        (key.tenant() == null ? "" : key.tenant()) + "\n" + key.subject(),
                        new Holder(key.tenant(), key.subject(), good),
                        (one, other) -> new Holder(one.tenant(), one.subject(), one.keys() + other.keys()));
                after = key.id();
            }
        } while (keys.size() == PAGE);
        return List.copyOf(holders.values());
    }

    private Revoked revoke(String id, Caller administrator) throws CannotAnswer {
        StoredKey key = security.keys()
                .find(id)
                .filter(found -> Administrators.administers(administrator, found.tenant()))
                .orElseThrow(() -> new CannotAnswer(ToolText.NO_KEY, id));
        audit.record(new AuditEvent(
                clock.instant(),
                AuditEvent.Kind.KEY,
                AuditEvent.Outcome.ALLOWED,
                administrator.subject(),
                administrator.tenant().orElse(null),
                administrator.get(Credential.ATTRIBUTE).map(Credential::id).orElse(null),
                "tools/call",
                key.id(),
                null,
                "revoked",
                null,
                null,
                Map.of()));
        return new Revoked(key.id(), security.keys().revoke(key.id()));
    }
}
