package dev.mortise.examples.production.account;

import dev.mortise.billing.meter.Metering;
import dev.mortise.billing.meter.Weight;
import dev.mortise.examples.production.tool.ToolKind;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.json.Description;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceOutcome;
import dev.mortise.security.Credential;
import dev.mortise.security.Security;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.access.Approval;
import dev.mortise.security.key.StoredKey;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Who the caller is here, and what that allows. */
public final class AccountTools implements McpServer.Plugin {
    private static final Duration TIMEOUT = Duration.ofSeconds(8);
    private static final int PAGE = 500;
    private static final int MOST = 100;

    private final Security security;

    public AccountTools(Security security) {
        this.security = security;
    }

    record Nothing() {}

    record Me(
            String subject,
            @Nullable String tenant,
            List<String> scopes,

            @Description("How the caller was admitted: API_KEY, JWT, LOCAL, …")
            String admittedBy,

            @Description("The highest level of tools that this credential is good for")
            String reach,

            @Description("When the credential ends, in UTC") @Nullable
            String expiresAt) {}

    record Keys(List<KeyView> keys) {}

    record Requests(List<RequestView> requests) {}

    @Override
    public void install(McpServerBuilder builder) {
        builder.tool(ToolKind.COMPUTES
                        .named("who_am_i", "Who am I", TIMEOUT)
                        .description("Tells as whom this server knows the caller, and what the credential allows.")
                        .takes(Nothing.class)
                        .with(Metering.WEIGHT, Weight.NOTHING)
                        .gives(Me.class)
                        .by((in, call) -> me(call.caller())))
                .tool(ToolKind.READS_OWN
                        .named("my_keys", "My API keys", TIMEOUT)
                        .description(
                                "Lists the caller's own API keys with when they were used last. Their secrets are shown"
                                        + " to nobody.")
                        .takes(Nothing.class)
                        .with(Metering.WEIGHT, Weight.NOTHING)
                        .gives(Keys.class)
                        .by((in, call) -> new Keys(keys(call.caller()))))
                .tool(ToolKind.READS_OWN
                        .named("my_requests", "My requests", TIMEOUT)
                        .description(
                                "Lists the calls of the caller that wait for an approval, or were decided. An approved"
                                        + " call is carried out when it is sent again with the same arguments.")
                        .takes(Nothing.class)
                        .with(Metering.WEIGHT, Weight.NOTHING)
                        .gives(Requests.class)
                        .by((in, call) -> new Requests(requests(call.caller()))))
                .resource(Resource.at("mortise://account", "account")
                        .title("Your account")
                        .description("As whom this server knows you")
                        .mimeType("application/json")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.LOW)
                        .read(call -> ResourceOutcome.found(
                                call.text(Json.tree(me(call.caller())).toString()))));
    }

    private static Me me(Caller caller) {
        Credential credential = caller.get(Credential.ATTRIBUTE).orElse(null);
        return new Me(
                caller.subject(),
                caller.tenant().orElse(null),
                caller.scopes().stream().sorted().toList(),
                credential == null ? "NOTHING" : credential.kind().name(),
                (credential == null ? SecurityLevel.LOW : credential.reach()).name(),
                caller.expiresAt().map(Object::toString).orElse(null));
    }

    private List<KeyView> keys(Caller caller) {
        return all(after -> security.keys().list(caller.tenant().orElse(null), after, PAGE), StoredKey::id)
                .filter(key -> key.subject().equals(caller.subject()))
                .filter(key -> Objects.equals(key.tenant(), caller.tenant().orElse(null)))
                .limit(MOST)
                .map(KeyView::of)
                .toList();
    }

    private List<RequestView> requests(Caller caller) {
        return all(after -> security.approvals().list(caller.tenant().orElse(null), null, after, PAGE), Approval::id)
                .filter(approval -> approval.identity().equals(caller.identity()))
                .limit(MOST)
                .map(RequestView::of)
                .toList();
    }

    private interface Pages<T> {
        List<T> after(@Nullable String id);
    }

    /** All of a list that comes in pages, fetched as far as somebody reads. */
    private static <T> Stream<T> all(Pages<T> pages, Function<T, String> id) {
        return Stream.iterate(
                        pages.after(null),
                        page -> !page.isEmpty(),
                        page -> page.size() < PAGE ? List.of() : pages.after(id.apply(page.getLast())))
                .flatMap(List::stream);
    }
}
