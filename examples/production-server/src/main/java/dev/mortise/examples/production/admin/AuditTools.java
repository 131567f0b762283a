package dev.mortise.examples.production.admin;

import dev.mortise.examples.production.tool.CannotAnswer;
import dev.mortise.examples.production.tool.ToolKind;
import dev.mortise.examples.production.tool.ToolText;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Language;
import dev.mortise.mcp.json.Bounds;
import dev.mortise.mcp.json.DefaultValue;
import dev.mortise.mcp.json.Description;
import dev.mortise.mcp.json.Format;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.json.Length;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceOutcome;
import dev.mortise.mcp.server.ToolCall;
import dev.mortise.mcp.task.TaskMode;
import dev.mortise.mcp.task.Tasks;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.access.Requirement;
import dev.mortise.security.admin.AdministratorApi;
import dev.mortise.security.audit.AuditEvent;
import dev.mortise.security.audit.AuditPage;
import dev.mortise.security.audit.AuditQuery;
import dev.mortise.security.audit.AuditReport;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the audit log says, and whether it is still as it was written. */
public final class AuditTools implements McpServer.Plugin {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long READ_BETWEEN_NEWS = 1_000;

    private final ProvableLog audit;

    public AuditTools(ProvableLog audit) {
        this.audit = audit;
    }

    record Search(
            @Description("Who did it") @Length(max = 256) @Nullable
            String subject,

            @Description("What it was about: a tool, a URI, the id of a key") @Length(max = 1_000) @Nullable
            String target,

            AuditEvent.@Nullable Kind kind,
            AuditEvent.@Nullable Outcome outcome,

            @Description("The earliest, inclusive") @Format("date-time") @Nullable
            String from,

            @Description("The latest, exclusive") @Format("date-time") @Nullable
            String to,

            @Description("As \"next\" said") @Length(max = 500) @Nullable
            String after,

            @DefaultValue("50") @Bounds(min = 1, max = 500) int limit) {}

    record Event(
            String at,
            String kind,
            String outcome,
            @Nullable String subject,
            @Nullable String tenant,
            @Nullable String method,
            @Nullable String target,
            @Nullable String reason) {
        static Event of(AuditEvent event) {
            return new Event(
                    event.at().toString(),
                    event.kind().name(),
                    event.outcome().name(),
                    event.subject(),
                    event.tenant(),
                    event.method(),
                    event.target(),
                    event.reason());
        }
    }

    record Events(
            List<Event> events,

            @Description("For \"after\"; null at the end") @Nullable
            String next) {}

    record Nothing() {}

    record Verified(
            @Description("Whether nothing was changed, removed, added or moved")
            boolean clean,

            long records,
            int streams,
            @Description("What was done to it, and where") List<String> findings) {}

    @Override
    public void install(McpServerBuilder builder) {
        builder.tool(ToolKind.WATCHES
                        .named("search_audit", "Search the audit log", TIMEOUT)
                        .description(
                                "Finds records of the audit log, the latest first: who called what, what was refused and"
                                        + " why, who administered. Arguments and results are not in it.")
                        .takes(Search.class)
                        .gives(Events.class)
                        .by((in, call) -> search(in, call.caller())))
                .tool(ToolKind.WATCHES
                        .named("verify_audit", "Verify the audit log", Duration.ofMinutes(10))
                        .description(
                                "Verifies by hashes and signatures that the audit log is as it was written. Of a long"
                                        + " log this takes a while.")
                        .takes(Nothing.class)
                        .gives(Verified.class)
                        .with(Tasks.MODE, TaskMode.after(Duration.ofSeconds(2)))
                        .by((in, call) -> {
                            AuditReport report = verify(call);
                            return new Verified(
                                    report.isClean(),
                                    report.records(),
                                    report.streams().size(),
                                    report.findings().stream()
                                            .limit(100)
                                            .map(Object::toString)
                                            .toList());
                        }))
                .resource(Resource.at("mortise://audit/recent", "audit-recent")
                        .title("Latest audit records")
                        .description("The latest 50 records of the audit log, for administrators")
                        .mimeType("application/json")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.MEDIUM)
                        .with(Requirement.ATTRIBUTE, Requirement.scopes(AdministratorApi.ADMIN))
                        .read(call -> ResourceOutcome.found(
                                call.text(Json.tree(events(query(call.caller()).limit(50)))
                                        .toString()))));
    }

    private AuditReport verify(ToolCall call) throws CannotAnswer {
        Administrators.requireAll(call.caller());
        Language language = call.context().wording().language();
        call.progress(0, null, ToolText.AUDIT_SIGNING.in(language));
        AuditReport report = audit.verify(read -> {
            if (read % READ_BETWEEN_NEWS == 0) {
                call.progress((double) read, null, ToolText.AUDIT_SO_FAR.in(language, read));
            }
        });
        // Each was read twice, and that was not the end yet.
        double all = 2.0 * report.records() + 1;
        call.progress(all, all, ToolText.AUDIT_VERIFIED.in(language, report.records()));
        return report;
    }

    private static AuditQuery query(Caller administrator) {
        return administrator.tenant().map(AuditQuery::ofTenant).orElseGet(AuditQuery::ofAllTenants);
    }

    private Events search(Search in, Caller administrator) throws CannotAnswer {
        AuditQuery query = query(administrator).limit(in.limit());
        query = in.subject() == null ? query : query.subject(in.subject());
        query = in.target() == null ? query : query.target(in.target());
        query = in.kind() == null ? query : query.kind(in.kind());
        query = in.outcome() == null ? query : query.outcome(in.outcome());
        query = in.from() == null
                ? query
                : query.from(OffsetDateTime.parse(in.from()).toInstant());
        query = in.to() == null ? query : query.to(OffsetDateTime.parse(in.to()).toInstant());
        try {
            return events(query.after(in.after()));
        } catch (IllegalArgumentException e) {
            throw new CannotAnswer(ToolText.NOT_FROM_NEXT);
        }
    }

    private Events events(AuditQuery query) {
        AuditPage page = audit.log().reader().find(query);
        return new Events(
                page.items().stream().map(item -> Event.of(item.event())).toList(), page.next());
    }
}
