package dev.mortise.examples.production.account;

import dev.mortise.billing.meter.Metering;
import dev.mortise.billing.meter.Weight;
import dev.mortise.examples.production.settings.Settings;
import dev.mortise.examples.production.tool.CannotAnswer;
import dev.mortise.examples.production.tool.ToolKind;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.ProtocolVersion;
import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Interceptor;
import dev.mortise.mcp.call.Language;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Stage;
import dev.mortise.mcp.json.Description;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.json.Length;
import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.schema.MetaKeys;
import dev.mortise.mcp.server.ToolCall;
import dev.mortise.mcp.transport.Exchange;
import dev.mortise.security.Security;
import dev.mortise.security.access.Approval;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Asks for the approval of a call before it is made, so that nothing has to fail first. The call goes the whole way that
 * it will go: authentication, policy, limits, and the gate of approvals, which takes down the request; behind the gate, and
 * before anything is charged or done, it is turned back. So what is asked for is the very thing that will be looked at.
 */
public final class AccessRequests implements McpServer.Plugin {
    private static final Duration TIMEOUT = Duration.ofSeconds(8);

    /** In {@code _meta} of a call that is not to be carried out. Whoever sends it harms nobody. */
    private static final String REHEARSED = "dev.mortise.example/rehearsed";

    private static final int TURNED_BACK = 4_701;
    private static final Pattern REQUEST = Pattern.compile("apr_[0-9a-f]{32}");

    private final Security security;
    private final Language language;
    private volatile @Nullable Consumer<Exchange> endpoint;

    public AccessRequests(Security security, Settings settings) {
        this.security = security;
        this.language = settings.wording().language();
    }

    record Wanted(
            @Description("The tool that is to be called") @Length(min = 1, max = 128)
            String tool,

            @Description("Exactly the arguments that it will be called with") @Nullable
            Map<String, Object> arguments) {}

    record Asked(
            RequestView request,
            @Description("What to do next") String next) {}

    /** Begins to serve: calls are rehearsed there. Once, after the server is built. */
    public void through(Consumer<Exchange> newEndpoint) {
        endpoint = newEndpoint;
    }

    @Override
    public void install(McpServerBuilder builder) {
        builder.intercept(Stage.METER, AccessRequests::turnBack)
                .tool(ToolKind.ASKS
                        .named("request_access", "Ask for an approval", TIMEOUT)
                        .description(
                                "Asks for the approval that a call of another tool needs, with the arguments that it will have,"
                                        + " and carries nothing out. When an administrator has approved it, which my_requests"
                                        + " shows, make the call with the same arguments; it runs once.")
                        .takes(Wanted.class)
                        .with(Metering.WEIGHT, Weight.NOTHING)
                        .gives(Asked.class)
                        .by(this::ask));
    }

    /** An approval that was given already is not used up by this: the gate takes back what was not begun. */
    private static Outcome turnBack(Call call, Interceptor.Chain chain) {
        return call.context().meta().get(REHEARSED).isPresent()
                ? new Outcome.Refused(
                        new Refusal.Custom(TURNED_BACK, "This was not to be carried out; it could be", null, 200))
                : chain.proceed(call);
    }

    private Asked ask(Wanted wanted, ToolCall call) throws CannotAnswer {
        Consumer<Exchange> server = endpoint;
        if (server == null) {
            throw new IllegalStateException("through(…) was not called");
        }
        Rehearsal rehearsal = new Rehearsal(
                call.context().origin(),
                "tools/call",
                wanted.tool(),
                params(wanted.tool(), call.arguments().get("arguments")));
        server.accept(rehearsal);
        JsonRpcError error = rehearsal
                .answer()
                .filter(Message.Failure.class::isInstance)
                .map(answer -> ((Message.Failure) answer).error())
                .orElseThrow(() -> new IllegalStateException("A rehearsal was not refused"));
        if (error.code() == TURNED_BACK) {
            throw new CannotAnswer(
                    language.of("This call needs no approval, or has it: make it.", "此调用无需批准，或已获批准：请直接调用。"));
        }
        Approval approval = asked(error.message()).orElseThrow(() -> new CannotAnswer(error.message()));
        return new Asked(RequestView.of(approval), next(approval));
    }

    /** The arguments as they arrived: an approval is for these, to the last digit. */
    private static ObjectNode params(String tool, @Nullable JsonNode arguments) {
        ObjectNode params = Json.object().put("name", tool);
        params.set("arguments", arguments == null || arguments.isNull() ? Json.object() : arguments);
        ObjectNode meta = params.putObject("_meta");
        meta.put(MetaKeys.PROTOCOL_VERSION, ProtocolVersion.V2026_07_28.wire());
        meta.putObject(MetaKeys.CLIENT_CAPABILITIES);
        meta.put(REHEARSED, true);
        return params;
    }

    /** The number of the request stands in what the refused caller is told, in every language. */
    private Optional<Approval> asked(String message) {
        Matcher id = REQUEST.matcher(message);
        return id.find() ? security.approvals().find(id.group()) : Optional.empty();
    }

    private String next(Approval approval) {
        return switch (approval.status()) {
            case PENDING, APPROVED, USED ->
                language.of(
                        "Tell the user that an administrator has to approve it. When my_requests shows APPROVED, call "
                                + approval.name() + " with the same arguments.",
                        "请告诉用户：需要管理员批准。当 my_requests 显示 APPROVED 时，用同样的参数调用 " + approval.name() + "。");
            case DENIED, REVOKED ->
                language.of("It was decided against. Ask the user before you ask again.", "请求未获批准。再次请求之前请先询问用户。");
        };
    }
}
