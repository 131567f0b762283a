package dev.mortise.examples.production.admin;

import dev.mortise.examples.production.account.RequestView;
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
import dev.mortise.security.Security;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.access.Approval;
import dev.mortise.security.access.Approvals;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides on calls that wait for an approval. Nobody decides on their own: the credential that asks may be stolen. */
public final class ApprovalTools implements McpServer.Plugin {
    private static final Duration TIMEOUT = Duration.ofSeconds(8);

    private final Security security;

    public ApprovalTools(Security security) {
        this.security = security;
    }

    record Which(
            @Description("Unset for those of any status") @DefaultValue("PENDING")
            Approval.@Nullable Status status,

            @Description("The id after which to go on") @Length(max = 100) @Nullable
            String after,

            @DefaultValue("50") @Bounds(min = 1, max = 200) int limit) {}

    record Requests(List<RequestView> requests) {}

    record Id(
            @Description("Of a request, from list_approvals") @Length(min = 1, max = 100)
            String id) {}

    record Decided(
            String id, @Description("APPROVED or DENIED") String status) {}

    @Override
    public void install(McpServerBuilder builder) {
        builder.tool(ToolKind.WATCHES
                        .named("list_approvals", "List approvals", TIMEOUT)
                        .description(
                                "Lists the calls of users that wait for an approval, with their arguments; or those"
                                        + " that were decided.")
                        .takes(Which.class)
                        .gives(Requests.class)
                        .by((in, call) -> new Requests(security
                                .approvals()
                                .list(call.caller().tenant().orElse(null), in.status(), in.after(), in.limit())
                                .stream()
                                .map(RequestView::of)
                                .toList())))
                .tool(ToolKind.ADMINISTERS
                        .named("approve_request", "Approve a request", TIMEOUT)
                        .description(
                                "Approves one call of one user, with exactly the arguments that list_approvals shows."
                                        + " Show them to the administrator and ask before you use this.")
                        .takes(Id.class)
                        .gives(Decided.class)
                        .by((in, call) -> approve(in.id(), call.caller())))
                .tool(ToolKind.ADMINISTERS
                        .named("deny_request", "Deny a request", TIMEOUT)
                        .description("Denies a call that waits for an approval.")
                        .takes(Id.class)
                        .gives(Decided.class)
                        .by((in, call) -> {
                            Approval approval = approval(in.id(), call.caller());
                            requireDone(security.approvals().deny(approval.id(), call.caller()));
                            return new Decided(approval.id(), "DENIED");
                        }));
    }

    private Decided approve(String id, Caller administrator) throws CannotAnswer {
        Approval approval = approval(id, administrator);
        if (approval.identity().equals(administrator.identity())) {
            throw new CannotAnswer(ToolText.NOT_ONES_OWN_REQUEST);
        }
        SecurityLevel needed =
                approval.purpose() == Approval.Purpose.CALL ? SecurityLevel.CRITICAL : SecurityLevel.HIGH;
        if (!Administrators.reaches(administrator, needed)) {
            throw new CannotAnswer(ToolText.LEVEL_NEEDED, needed);
        }
        requireDone(security.approvals().approve(id, administrator));
        return new Decided(id, "APPROVED");
    }

    private Approval approval(String id, Caller administrator) throws CannotAnswer {
        return security.approvals()
                .find(id)
                .filter(approval -> Administrators.administers(administrator, approval.tenant()))
                .orElseThrow(() -> new CannotAnswer(ToolText.NO_REQUEST, id));
    }

    private static void requireDone(Approvals.Result result) throws CannotAnswer {
        switch (result) {
            case DONE -> {}
            case NOT_OPEN -> throw new CannotAnswer(ToolText.REQUEST_IS_OVER);
            case SAME_PERSON -> throw new CannotAnswer(ToolText.NOT_BY_WHO_ASKS);
        }
    }
}
