package dev.mortise.mcp.internal.client;

import dev.mortise.mcp.client.ElicitationHandler;
import dev.mortise.mcp.client.HandlerFailedException;
import dev.mortise.mcp.client.SamplingHandler;
import dev.mortise.mcp.client.UrlElicitationHandler;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.ClientCapabilities;
import dev.mortise.mcp.schema.CreateMessageRequestParams;
import dev.mortise.mcp.schema.ElicitRequestFormParams;
import dev.mortise.mcp.schema.ElicitRequestParams;
import dev.mortise.mcp.schema.ElicitRequestURLParams;
import dev.mortise.mcp.schema.ElicitResult;
import dev.mortise.mcp.schema.ElicitationCapability;
import dev.mortise.mcp.schema.ListRootsResult;
import dev.mortise.mcp.schema.Root;
import dev.mortise.mcp.schema.SamplingCapability;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What this client can answer when a server asks, in whichever way its revision asks. What there is a handler for is what
 * the client declares, and what it did not declare it does not answer.
 *
 * @param samplingTools whether the sampling handler understands tools
 */
public record Answers(
        @Nullable ElicitationHandler form,
        @Nullable UrlElicitationHandler url,
        @Nullable SamplingHandler sampling,
        boolean samplingTools,
        @Nullable Supplier<List<Root>> roots) {
    static final String ELICIT = "elicitation/create";
    static final String SAMPLE = "sampling/createMessage";
    static final String ROOTS = "roots/list";

    /** The requests of a server that there are at all. */
    static final Set<String> METHODS = Set.of(ELICIT, SAMPLE, ROOTS);

    /** The server asks for what the client never offered. */
    static final class Unsupported extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unsupported(String method) {
            super(method, null, false, false);
        }
    }

    /** Declares what there is a handler for. */
    public ClientCapabilities.Builder declare(ClientCapabilities.Builder capabilities) {
        if (form != null || url != null) {
            capabilities.elicitation(
                    url == null
                            ? ElicitationCapability.formOnly()
                            : form == null ? ElicitationCapability.urlOnly() : ElicitationCapability.formAndUrl());
        }
        if (sampling != null) {
            capabilities.sampling(samplingTools ? SamplingCapability.toolUse() : SamplingCapability.basic());
        }
        if (roots != null) {
            capabilities.roots();
        }
        return capabilities;
    }

    /**
     * Answers one question.
     *
     * @throws Unsupported if the client did not offer that
     * @throws IllegalArgumentException if the question is not as the specification has it
     * @throws HandlerFailedException if the handler fails
     */
    JsonNode answer(String method, JsonNode params) throws InterruptedException {
        return switch (method) {
            case ELICIT -> elicit(params);
            case SAMPLE -> sample(params);
            case ROOTS -> listRoots();
            default -> throw new Unsupported(method);
        };
    }

    private JsonNode elicit(JsonNode params) throws InterruptedException {
        return switch (read(params, ElicitRequestParams.class)) {
            case ElicitRequestFormParams asked -> fillIn(asked, params.path("requestedSchema"));
            case ElicitRequestURLParams page -> visit(page);
        };
    }

    private JsonNode fillIn(ElicitRequestFormParams asked, JsonNode schema) throws InterruptedException {
        ElicitationHandler handler = offered(form, ELICIT);
        return Json.tree(FilledForm.of(schema, handled(ELICIT, () -> handler.answer(asked))));
    }

    private JsonNode visit(ElicitRequestURLParams page) throws InterruptedException {
        UrlElicitationHandler handler = offered(url, ELICIT);
        return Json.tree(new ElicitResult(handled(ELICIT, () -> handler.answer(page)), null));
    }

    private JsonNode sample(JsonNode params) throws InterruptedException {
        SamplingHandler handler = offered(sampling, SAMPLE);
        CreateMessageRequestParams asked = read(params, CreateMessageRequestParams.class);
        if (!samplingTools && (!asked.tools().isEmpty() || asked.toolChoice() != null)) {
            throw new Unsupported(SAMPLE);
        }
        return Json.tree(handled(SAMPLE, () -> handler.answer(asked)));
    }

    private JsonNode listRoots() throws InterruptedException {
        Supplier<List<Root>> known = offered(roots, ROOTS);
        return Json.tree(ListRootsResult.of(handled(ROOTS, known::get)));
    }

    private static <T> T offered(@Nullable T handler, String method) {
        if (handler == null) {
            throw new Unsupported(method);
        }
        return handler;
    }

    private static <T> T read(JsonNode params, Class<T> type) {
        try {
            return Json.mapper().treeToValue(params, type);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static <T> T handled(String method, Callable<T> handler) throws InterruptedException {
        T answer;
        try {
            answer = handler.call();
        } catch (InterruptedException | HandlerFailedException e) {
            throw e;
        } catch (Exception e) {
            throw new HandlerFailedException("The handler for " + method + " failed", e);
        }
        if (answer == null) {
            throw new HandlerFailedException("The handler for " + method + " returned null", null);
        }
        return answer;
    }
}
