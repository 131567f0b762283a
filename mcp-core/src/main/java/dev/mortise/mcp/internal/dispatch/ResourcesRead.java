package dev.mortise.mcp.internal.dispatch;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.CacheScope;
import dev.mortise.mcp.schema.ReadResourceResult;
import dev.mortise.mcp.schema.Result;
import dev.mortise.mcp.server.Entry;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceOutcome;
import dev.mortise.mcp.server.ResourceReader;
import dev.mortise.mcp.server.ResourceTemplate;
import dev.mortise.mcp.server.ServerEvents;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code resources/read}: a resource with this very URI, else the first template that it fits; of each, what the caller may
 * see. A resource that is hidden from the caller shadows no template, or the answer would tell that it is there.
 */
final class ResourcesRead implements RpcMethod {
    private static final int MAX_URI_LENGTH = 8 * 1024;
    private static final int TEMPLATES_AT_ONCE = 256;

    private final Catalogue<Resource> resources;
    private final Catalogue<ResourceTemplate> templates;
    private final ServerEvents events;
    private final Hints hints;
    private final int maxBytes;

    ResourcesRead(
            Catalogue<Resource> resources,
            Catalogue<ResourceTemplate> templates,
            ServerEvents events,
            Hints hints,
            int maxBytes) {
        this.resources = resources;
        this.templates = templates;
        this.events = events;
        this.hints = hints;
        this.maxBytes = maxBytes;
    }

    @Override
    public Binding bind(Caller caller, ObjectNode params) {
        JsonNode node = params.get("uri");
        if (node == null || !node.isString()) {
            return Binding.refused(Refusal.InvalidParams.of("uri must be the URI of a resource"));
        }
        String uri = node.stringValue();
        if (uri.length() > MAX_URI_LENGTH) {
            return Binding.refused(Refusal.InvalidParams.of("uri is too long"));
        }
        Optional<Resource> resource = resources.find(caller, uri);
        return resource.filter(found -> resources.mayBeSeen(caller, found))
                .map(found -> of(found, uri))
                .or(() -> seenTemplate(caller, uri).map(match -> of(match, uri)))
                // Hidden: the policy refuses it as if it were not there, and the audit log can tell why.
                .or(() -> resource.map(found -> of(found, uri)))
                .orElseGet(() -> Binding.notFound(Target.Kind.RESOURCE, uri));
    }

    private Binding of(Resource found, String uri) {
        Target target = Target.of(Target.Kind.RESOURCE, uri, found.attributes());
        String mimeType = found.definition().mimeType();
        return new Binding(target, call -> read(call, found.reader(), uri, Map.of(), mimeType));
    }

    private Binding of(Match match, String uri) {
        ResourceTemplate template = match.template();
        Target target = Target.of(Target.Kind.RESOURCE, uri, template.attributes());
        String mimeType = template.definition().mimeType();
        return new Binding(target, call -> read(call, template.reader(), uri, match.variables(), mimeType));
    }

    /** What a caller would read at a URI. */
    Target target(Caller caller, String uri) {
        return bind(caller, Json.object().put("uri", uri)).target();
    }

    private record Match(ResourceTemplate template, Map<String, String> variables) {}

    private Optional<Match> seenTemplate(Caller caller, String uri) {
        return matching(uri, after -> templates.page(caller, after, TEMPLATES_AT_ONCE));
    }

    private static Optional<Match> matching(
            String uri, Function<@Nullable String, Catalogue.Page<ResourceTemplate>> pages) {
        String after = null;
        Catalogue.Page<ResourceTemplate> page;
        do {
            page = pages.apply(after);
            for (ResourceTemplate template : page.entries()) {
                Optional<Map<String, String>> variables = template.match(uri);
                if (variables.isPresent()) {
                    return Optional.of(new Match(template, variables.get()));
                }
                after = template.key();
            }
        } while (page.more());
        return Optional.empty();
    }

    /**
     * What a URI is read from: what this caller would meet there, else what is hidden from this caller. Whoever decides for
     * others may not see all that they see.
     */
    Optional<? extends Entry> source(Caller caller, String uri) {
        if (uri.length() > MAX_URI_LENGTH) {
            return Optional.empty();
        }
        Optional<Resource> resource = resources.find(caller, uri);
        return resource.filter(found -> resources.mayBeSeen(caller, found))
                .<Entry>map(found -> found)
                .or(() -> seenTemplate(caller, uri).map(Match::template))
                .or(() -> resource)
                .or(() -> matching(uri, after -> templates.wholePage(caller, after, TEMPLATES_AT_ONCE))
                        .map(Match::template));
    }

    private Outcome read(
            LiveCall call,
            ResourceReader reader,
            String uri,
            Map<String, String> variables,
            @Nullable String mimeType) {
        ResourceView view = new ResourceView(call, events, uri, variables, mimeType, maxBytes);
        return Handling.run(
                call,
                () -> outcome(call, uri, reader.read(view)),
                reference -> new Outcome.Refused(new Refusal.Internal(reference)));
    }

    private Outcome outcome(LiveCall call, String uri, ResourceOutcome outcome) {
        return switch (outcome) {
            case ResourceOutcome.Found found -> new Outcome.Complete(cacheable(call, found));
            case ResourceOutcome.NotFound gone -> new Outcome.Refused(new Refusal.NotFound(Target.Kind.RESOURCE, uri));
            case ResourceOutcome.Ask ask -> new Outcome.InputRequired(ask.questions());
            case ResourceOutcome.Refused refused -> new Outcome.Refused(refused.refusal());
        };
    }

    /** What depends on answers belongs into no cache, because they are no part of its key (Caching: Cache Key). */
    private Result cacheable(LiveCall call, ResourceOutcome.Found found) {
        ReadResourceResult result = ReadResourceResult.of(found.contents());
        boolean answered = call.params().has("inputResponses") || call.params().has("requestState");
        return answered
                ? result.withCaching(0, CacheScope.PRIVATE)
                : result.withCaching(hints.reads().toMillis(), hints.readScope());
    }
}
