package dev.mortise.mcp.call;

import dev.mortise.mcp.json.Bound;
import dev.mortise.mcp.json.FormSchema;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.json.JsonSchema;
import dev.mortise.mcp.schema.CreateMessageRequest;
import dev.mortise.mcp.schema.CreateMessageRequestParams;
import dev.mortise.mcp.schema.CreateMessageResult;
import dev.mortise.mcp.schema.ElicitRequest;
import dev.mortise.mcp.schema.InputRequest;
import dev.mortise.mcp.schema.ListRootsRequest;
import dev.mortise.mcp.schema.ListRootsResult;
import dev.mortise.mcp.schema.RequestedSchema;
import java.net.URI;
import java.util.Objects;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Something a handler asks in the middle of a call: of the user ({@link #form}, {@link #consent}, {@link #url}), of
 * the client's model ({@link #sampling}), of the client ({@link #roots}). A question is a value; it is put by
 * returning it, and answered by calling the handler again (specification: Multi Round-Trip Requests).
 */
public final class Question<T> {

    /** What it takes for an answer to count. */
    public enum Proof {
        /** Any answer counts, also one that the client sent along unasked. */
        NONE,
        /** Only an answer to this very question, put to this caller for this call. */
        ASKED,
        /** As {@link #ASKED}, and only once. */
        ASKED_ONCE
    }

    private final String key;
    private final InputRequest request;
    private final Proof proof;
    private final ClientFeature required;
    private final Function<JsonNode, Answer<T>> reader;

    private Question(
            String key,
            InputRequest request,
            Proof proof,
            ClientFeature required,
            Function<JsonNode, Answer<T>> reader) {
        if (key.isBlank()) {
            throw new IllegalArgumentException("A question needs a key, unique within its handler");
        }
        this.key = key;
        this.request = request;
        this.proof = proof;
        this.required = required;
        this.reader = reader;
    }

    /**
     * A form for the user. An answer that the client sends along unasked is taken.
     *
     * @param key unique within the handler
     * @param answer a record with plain components: text, numbers, booleans, enums, lists of enums
     * @param message why it is asked; never ask for passwords, keys or payment data in a form
     */
    public static <T extends Record> Question<T> form(String key, Class<T> answer, String message) {
        return form(key, answer, message, Proof.NONE);
    }

    /**
     * A form that is written by hand, for what a record cannot say. The answer is what was filled in, as JSON.
     *
     * @param key unique within the handler
     */
    public static Question<ObjectNode> form(String key, RequestedSchema form, String message) {
        JsonSchema schema = JsonSchema.of(Json.tree(form));
        return new Question<>(
                key,
                ElicitRequest.form(message, form),
                Proof.NONE,
                ClientFeature.FORM,
                node -> elicited(
                        node,
                        content -> content instanceof ObjectNode filledIn
                                        && schema.validate(content).isEmpty()
                                ? new Answer.Accepted<>(filledIn)
                                : new Answer.Missing<>()));
    }

    /**
     * A form whose answer permits something. It counts only if this message and this form were put to this caller
     * for this call, and only once.
     */
    public static <T extends Record> Question<T> consent(String key, Class<T> answer, String message) {
        return form(key, answer, message, Proof.ASKED_ONCE);
    }

    private static <T extends Record> Question<T> form(String key, Class<T> answer, String message, Proof proof) {
        Form<T> form = Form.of(answer);
        InputRequest request = ElicitRequest.form(message, form.wire());
        return new Question<>(
                key, request, proof, ClientFeature.FORM, node -> elicited(node, content -> filledIn(form, content)));
    }

    /** A form that is not filled in as it should be is asked again. */
    private static <T extends Record> Answer<T> filledIn(Form<T> form, JsonNode content) {
        return switch (form.schema().bind(content)) {
            case Bound.Value<T> bound -> new Answer.Accepted<>(bound.value());
            case Bound.Invalid<T> invalid -> new Answer.Missing<>();
        };
    }

    /** The form of a record, made once for each class: questions are often made anew for every call. */
    private record Form<T extends Record>(FormSchema<T> schema, RequestedSchema wire) {
        private static final ClassValue<Form<?>> FORMS = new ClassValue<>() {
            @Override
            protected Form<?> computeValue(Class<?> type) {
                return make(type.asSubclass(Record.class));
            }
        };

        private static <T extends Record> Form<T> make(Class<T> type) {
            FormSchema<T> schema = FormSchema.of(type);
            return new Form<>(schema, Json.mapper().treeToValue(schema.node(), RequestedSchema.class));
        }

        @SuppressWarnings("unchecked") // computeValue makes a Form<T> for each Class<T>
        static <T extends Record> Form<T> of(Class<T> type) {
            return (Form<T>) FORMS.get(type);
        }
    }

    /**
     * Sends the user to a page, for what must not pass through the client. {@link Answer.Accepted} only means that
     * the user agreed to open it; whether the work there is done, the server has to know by itself. The page must
     * establish who the user is: the address is no proof (elicitation: Phishing).
     *
     * @param url absolute, {@code https}, or {@code http} on this machine; nothing secret or personal in it
     */
    public static Question<URI> url(String key, String message, URI url) {
        boolean web = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
        if (!web || url.getHost() == null) {
            throw new IllegalArgumentException("A page has an absolute https or http URL, but this is " + url);
        }
        InputRequest request = ElicitRequest.url(message, url.toString());
        return new Question<>(
                key,
                request,
                Proof.ASKED,
                ClientFeature.URL,
                node -> elicited(node, content -> new Answer.Accepted<>(url)));
    }

    /** Asks the client's model. */
    public static Question<CreateMessageResult> sampling(String key, CreateMessageRequestParams params) {
        ClientFeature required = params.tools().isEmpty() && params.toolChoice() == null
                ? ClientFeature.SAMPLING
                : ClientFeature.SAMPLING_TOOLS;
        return new Question<>(
                key,
                CreateMessageRequest.of(params),
                Proof.NONE,
                required,
                node -> new Answer.Accepted<>(read(node, CreateMessageResult.class)));
    }

    /** Asks the client for the folders it lets this server work in. */
    public static Question<ListRootsResult> roots(String key) {
        return new Question<>(
                key,
                ListRootsRequest.of(),
                Proof.NONE,
                ClientFeature.ROOTS,
                node -> new Answer.Accepted<>(read(node, ListRootsResult.class)));
    }

    public String key() {
        return key;
    }

    /** What goes to the client. */
    public InputRequest request() {
        return request;
    }

    public Proof proof() {
        return proof;
    }

    /** What a client must be able to do to be asked this. */
    public ClientFeature required() {
        return required;
    }

    /**
     * Reads what a client sent back.
     *
     * @throws MalformedAnswer if it is not of the kind that belongs to this question; a form that is merely filled
     *     in wrongly is {@link Answer.Missing}, and asked again
     */
    public Answer<T> read(JsonNode response) {
        return reader.apply(response);
    }

    private static <T> Answer<T> elicited(JsonNode response, Function<JsonNode, Answer<T>> accepted) {
        JsonNode action = response.path("action");
        return switch (action.asString("")) {
            case "accept" -> accepted.apply(response.path("content"));
            case "decline" -> new Answer.Declined<>();
            case "cancel" -> new Answer.Cancelled<>();
            default -> throw new MalformedAnswer("action must be accept, decline or cancel");
        };
    }

    private static <V> V read(JsonNode response, Class<V> type) {
        try {
            return Objects.requireNonNull(Json.mapper().treeToValue(response, type));
        } catch (JacksonException | NullPointerException e) {
            throw new MalformedAnswer("it is no " + type.getSimpleName());
        }
    }

    @Override
    public String toString() {
        return "Question " + key;
    }

    /** A client sent something that cannot be an answer to the question. */
    public static final class MalformedAnswer extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String reason;

        MalformedAnswer(String reason) {
            super(reason);
            this.reason = reason;
        }

        /** What is wrong, in words for the peer. */
        public String reason() {
            return reason;
        }
    }
}
