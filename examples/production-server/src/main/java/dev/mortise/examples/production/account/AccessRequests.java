package dev.mortise.examples.production.account;

import dev.mortise.billing.meter.Metering;
import dev.mortise.billing.meter.Weight;
import dev.mortise.examples.production.settings.Settings;
import dev.mortise.examples.production.tool.CannotAnswer;
import dev.mortise.examples.production.tool.ToolKind;
import dev.mortise.examples.production.tool.ToolText;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.call.Language;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.json.Description;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.json.Length;
import dev.mortise.mcp.server.ToolCall;
import dev.mortise.security.Security;
import dev.mortise.security.access.Approval;
import dev.mortise.security.access.Approvals;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Asks for the approval of a call before it is made, so that nothing has to fail first. */
public final class AccessRequests implements McpServer.Plugin {
    private static final Duration TIMEOUT = Duration.ofSeconds(8);

    private final Security security;
    private final Language language;

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

    @Override
    public void install(McpServerBuilder builder) {
        builder.tool(ToolKind.ASKS
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

    private Asked ask(Wanted wanted, ToolCall call) throws CannotAnswer {
        ObjectNode arguments = arguments(call.arguments().get("arguments"));
        return switch (security.approvals().request(call.caller(), Target.Kind.TOOL, wanted.tool(), arguments)) {
            case Approvals.Requested.Open open
            when open.approval().status() == Approval.Status.APPROVED -> throw makeIt();
            case Approvals.Requested.Open open -> new Asked(RequestView.of(open.approval()), next(open.approval()));
            case Approvals.Requested.NotNeeded none -> throw makeIt();
            case Approvals.Requested.Refused refused -> throw new CannotAnswer(ToolText.AS_SAID, refused.message());
        };
    }

    /** As they arrived: an approval is for these, to the last digit. */
    private static ObjectNode arguments(@Nullable JsonNode sent) {
        return sent instanceof ObjectNode arguments ? arguments : Json.object();
    }

    private static CannotAnswer makeIt() {
        return new CannotAnswer(ToolText.CALL_IS_FREE);
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
