package dev.mortise.security.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.server.Entry;
import dev.mortise.mcp.server.Prompt;
import dev.mortise.mcp.server.PromptOutcome;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceOutcome;
import dev.mortise.mcp.server.ResourceTemplate;
import dev.mortise.mcp.transport.Received;
import dev.mortise.security.Environment;
import dev.mortise.security.Security;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.key.KeyLimits;
import dev.mortise.security.store.Home;
import dev.mortise.security.store.MemoryHome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What was approved, or granted, was approved as it was described: with another description, MIME type or argument it has
 * to be approved again. The server is put up anew each time, as after a deployment.
 */
class DefinitionPinTest {
    private static final KeyLimits FULL = KeyLimits.BASIC.withReach(SecurityLevel.CRITICAL);

    private Home home = new MemoryHome();
    private final List<McpServer> servers = new ArrayList<>();
    private Security security;
    private Wire ann;

    @AfterEach
    void close() {
        servers.forEach(McpServer::close);
    }

    private void deploy(Entry... entries) {
        security = Security.in(Environment.TEST)
                .stores(home.stores())
                .pollInterval(Duration.ofMillis(20))
                .authenticatorOf(TestAuthenticator::new)
                .build();
        var builder = McpServer.builder("test", "1").plugin(security);
        for (Entry entry : entries) {
            switch (entry) {
                case Resource resource -> builder.resource(resource);
                case ResourceTemplate template -> builder.resourceTemplate(template);
                case Prompt prompt -> builder.prompt(prompt);
                case dev.mortise.mcp.server.Tool tool -> builder.tool(tool);
            }
        }
        McpServer server = builder.build();
        servers.add(server);
        ann = Wire.to(server, security.keys().issue("ann", "acme", "", FULL).secret());
    }

    private static Caller boss() {
        return Caller.of("boss").withTenant("acme");
    }

    private Resource resource(SecurityLevel level, String description, String mimeType) {
        return Resource.at("doc:///plans", "plans")
                .description(description)
                .mimeType(mimeType)
                .with(SecurityLevel.ATTRIBUTE, level)
                .read(call -> ResourceOutcome.found(call.text("x")));
    }

    private ResourceTemplate template(SecurityLevel level, String template, String description, String mimeType) {
        return ResourceTemplate.at(template, "books")
                .description(description)
                .mimeType(mimeType)
                .with(SecurityLevel.ATTRIBUTE, level)
                .read(call -> ResourceOutcome.found(call.text("x")));
    }

    private Prompt prompt(SecurityLevel level, String description, String... arguments) {
        Prompt.Builder prompt = Prompt.named("dismiss").description(description).with(SecurityLevel.ATTRIBUTE, level);
        for (String argument : arguments) {
            prompt = prompt.argument(argument, "What it is for");
        }
        return prompt.handle(call -> PromptOutcome.text("x"));
    }

    /** Asks, has it approved, deploys what came of it, and says whether the approval still counts. */
    private boolean survives(Entry before, Entry after, Function<Wire, Received> use) {
        home = new MemoryHome();
        deploy(before);
        assertThat(use.apply(ann).reply().status()).isEqualTo(403);
        String id = security.approvals()
                .list("acme", Approval.Status.PENDING, null, 10)
                .get(0)
                .id();
        assertThat(security.approvals().approve(id, boss())).isEqualTo(Approvals.Result.DONE);
        deploy(after);
        boolean passes = use.apply(ann).reply().status() == 200;
        if (!passes) {
            // It can be approved as it is now.
            security.approvals()
                    .list("acme", Approval.Status.PENDING, null, 10)
                    .forEach(open -> security.approvals().approve(open.id(), boss()));
            assertThat(use.apply(ann).reply().status()).isEqualTo(200);
        }
        return passes;
    }

    private static Received read(Wire wire, String uri) {
        return wire.send("resources/read", "{'uri':'" + uri + "'}");
    }

    @Test
    void aResourceIsApprovedAsItWasDescribed() {
        Resource before = resource(SecurityLevel.CRITICAL, "Plans", "text/plain");
        Function<Wire, Received> use = wire -> read(wire, "doc:///plans");
        assertThat(survives(before, resource(SecurityLevel.CRITICAL, "Plans", "text/plain"), use))
                .isTrue();
        assertThat(survives(before, resource(SecurityLevel.CRITICAL, "Plans. Read them aloud", "text/plain"), use))
                .isFalse();
        assertThat(survives(before, resource(SecurityLevel.CRITICAL, "Plans", "text/html"), use))
                .isFalse();
    }

    @Test
    void whatFollowsTheContentOfAResourceIsNotPinned() {
        Resource grown = Resource.at("doc:///plans", "plans")
                .description("Plans")
                .mimeType("text/plain")
                .size(4711)
                .with(SecurityLevel.ATTRIBUTE, SecurityLevel.CRITICAL)
                .read(call -> ResourceOutcome.found(call.text("much more")));
        assertThat(survives(
                        resource(SecurityLevel.CRITICAL, "Plans", "text/plain"),
                        grown,
                        wire -> read(wire, "doc:///plans")))
                .isTrue();
    }

    @Test
    void aResourceOfATemplateIsApprovedAsTheTemplateWasDescribed() {
        ResourceTemplate before = template(SecurityLevel.CRITICAL, "book:///{id}", "Books", "text/plain");
        Function<Wire, Received> use = wire -> read(wire, "book:///7");
        assertThat(survives(before, template(SecurityLevel.CRITICAL, "book:///{id}", "Books", "text/plain"), use))
                .isTrue();
        assertThat(survives(before, template(SecurityLevel.CRITICAL, "book:///{id}", "All books", "text/plain"), use))
                .isFalse();
        assertThat(survives(before, template(SecurityLevel.CRITICAL, "book:///{id}", "Books", "text/html"), use))
                .isFalse();
        assertThat(survives(before, template(SecurityLevel.CRITICAL, "book:///{+id}", "Books", "text/plain"), use))
                .isFalse();
        // In its place comes a resource of its own with the same words.
        assertThat(survives(
                        before,
                        Resource.at("book:///7", "books")
                                .description("Books")
                                .mimeType("text/plain")
                                .with(SecurityLevel.ATTRIBUTE, SecurityLevel.CRITICAL)
                                .read(call -> ResourceOutcome.found(call.text("x"))),
                        use))
                .isFalse();
    }

    @Test
    void aPromptIsApprovedAsItWasDescribed() {
        Prompt before = prompt(SecurityLevel.CRITICAL, "Dismisses", "who");
        Function<Wire, Received> use = wire -> wire.send("prompts/get", "{'name':'dismiss','arguments':{'who':'bob'}}");
        assertThat(survives(before, prompt(SecurityLevel.CRITICAL, "Dismisses", "who"), use))
                .isTrue();
        assertThat(survives(before, prompt(SecurityLevel.CRITICAL, "Dismisses at once", "who"), use))
                .isFalse();
        assertThat(survives(before, prompt(SecurityLevel.CRITICAL, "Dismisses", "who", "why"), use))
                .isFalse();
    }

    /** An administrator grants what they may not see themselves: the caller that is named has no credential then. */
    @Test
    void aGrantIsForADefinitionToo() {
        deploy(template(SecurityLevel.HIGH, "book:///{id}", "Books", "text/plain"));
        security.approvals()
                .grant(
                        Caller.of("ann").withTenant("acme"),
                        Target.Kind.RESOURCE,
                        "book:///7",
                        Duration.ofHours(1),
                        boss());
        assertThat(read(ann, "book:///7").reply().status()).isEqualTo(200);
        assertThat(read(ann, "book:///8").reply().status()).isEqualTo(403);
        deploy(template(SecurityLevel.HIGH, "book:///{id}", "All books", "text/plain"));
        assertThat(read(ann, "book:///7").reply().status()).isEqualTo(403);

        deploy(prompt(SecurityLevel.HIGH, "Dismisses"));
        security.approvals()
                .grant(Caller.of("ann").withTenant("acme"), Target.Kind.PROMPT, "dismiss", Duration.ofHours(1), boss());
        assertThat(ann.send("prompts/get", "{'name':'dismiss'}").reply().status())
                .isEqualTo(200);
        deploy(prompt(SecurityLevel.HIGH, "Dismisses at once"));
        assertThat(ann.send("prompts/get", "{'name':'dismiss'}").reply().status())
                .isEqualTo(403);
    }

    /** Whoever is named has no credential then, and by that would meet the template. */
    @Test
    void aGrantIsForWhatTakesOneWhereATemplateIsBehindIt() {
        deploy(
                resource(SecurityLevel.HIGH, "Plans", "text/plain"),
                template(SecurityLevel.LOW, "doc:///{name}", "All", "text/plain"));
        assertThat(read(ann, "doc:///plans").reply().status()).isEqualTo(403);
        security.approvals()
                .grant(
                        Caller.of("ann").withTenant("acme"),
                        Target.Kind.RESOURCE,
                        "doc:///plans",
                        Duration.ofHours(1),
                        boss());
        assertThat(read(ann, "doc:///plans").reply().status()).isEqualTo(200);
    }
}
