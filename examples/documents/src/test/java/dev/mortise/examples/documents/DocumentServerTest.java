package dev.mortise.examples.documents;

import static dev.mortise.examples.documents.TestClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.transport.Conversation;
import dev.mortise.mcp.transport.Received;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a client sees of the server, at the wire. */
@Timeout(60)
class DocumentServerTest {
    @TempDir
    Path parent;

    private Path root;
    private DocumentServer server;
    private TestClient client;

    @BeforeEach
    void start() throws IOException {
        Files.writeString(parent.resolve("secret.md"), "# Secret");
        root = Files.createDirectory(parent.resolve("documents"));
        Files.writeString(root.resolve("readme.md"), "# Read me\n\nStart here.\n\n## Next\n");
        Files.writeString(Files.createDirectory(root.resolve("guide")).resolve("set up.md"), "# Set-up\n\nInstall it.");
        Files.writeString(root.resolve("网关.md"), "# 网关变量\n\n网关的变量。");
        Files.createSymbolicLink(root.resolve("link.md"), parent.resolve("secret.md"));
        server = DocumentServer.over(root);
        client = new TestClient(server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static List<String> each(JsonNode array, String member) {
        List<String> values = new ArrayList<>();
        array.forEach(element -> values.add(element.path(member).stringValue()));
        return values;
    }

    private static ObjectNode object(String name, String value) {
        return Json.object().put(name, value);
    }

    @Test
    void theServerSaysWhatItIsAndHowToUseIt() {
        JsonNode discovered = client.send("server/discover", Json.object()).result();
        assertThat(discovered.path("instructions").stringValue()).contains("search_documents", "read the resources");
        for (String capability : List.of("tools", "resources", "prompts", "completions")) {
            assertThat(discovered.path("capabilities").has(capability))
                    .as(capability)
                    .isTrue();
        }
    }

    @Test
    void theToolsSayWhatTheyDo() {
        JsonNode tools = client.send("tools/list", Json.object()).result().path("tools");
        assertThat(each(tools, "name"))
                .containsExactly("add_note", "delete_document", "list_documents", "search_documents");
        for (JsonNode tool : tools) {
            assertThat(tool.path("title").stringValue()).isNotBlank();
            assertThat(tool.path("description").stringValue()).isNotBlank();
            for (JsonNode argument : tool.at("/inputSchema/properties")) {
                assertThat(argument.path("description").stringValue()).isNotBlank();
            }
        }
        assertThat(tools.get(0).at("/annotations/destructiveHint").booleanValue())
                .isFalse();
        assertThat(tools.get(1).at("/annotations/destructiveHint").booleanValue())
                .isTrue();
        assertThat(tools.get(2).at("/annotations/readOnlyHint").booleanValue()).isTrue();
        JsonNode limit = tools.get(3).at("/inputSchema/properties/limit");
        assertThat(limit.path("default").intValue()).isEqualTo(10);
        assertThat(limit.path("maximum").intValue()).isEqualTo(50);
    }

    @Test
    void documentsAreListed() {
        JsonNode listing = client.call("list_documents", Json.object()).path("structuredContent");
        assertThat(listing.path("total").intValue()).isEqualTo(3);
        assertThat(each(listing.path("documents"), "name")).containsExactly("网关.md", "guide/set up.md", "readme.md");
        assertThat(each(listing.path("documents"), "title")).containsExactly("网关变量", "Set-up", "Read me");

        JsonNode filtered = client.call("list_documents", object("filter", "SET-"))
                .path("structuredContent")
                .path("documents");
        assertThat(each(filtered, "uri")).containsExactly("docs:///guide/set%20up.md");
    }

    @Test
    void documentsAreFoundAndThenRead() {
        JsonNode found = client.call("search_documents", object("query", "install"));
        JsonNode hit = found.at("/structuredContent/documents/0");
        assertThat(hit.path("snippet").stringValue()).contains("Install it.");
        assertThat(Json.parse(text(found))).isEqualTo(found.path("structuredContent"));

        JsonNode contents = client.read(hit.path("uri").stringValue()).result().at("/contents/0");
        assertThat(contents.path("text").stringValue()).isEqualTo("# Set-up\n\nInstall it.");
        assertThat(contents.path("mimeType").stringValue()).isEqualTo("text/markdown");
    }

    @Test
    void aSearchThatCannotBeMadeSaysWhy() {
        JsonNode none = client.call("search_documents", object("query", "?!"));
        assertThat(none.path("isError").booleanValue()).isTrue();
        assertThat(text(none)).contains("Search for words");
        JsonNode tooMany = client.call("search_documents", object("query", "x").put("limit", 51));
        assertThat(tooMany.path("isError").booleanValue()).isTrue();
        assertThat(text(tooMany)).contains("limit").contains("50");
    }

    @Test
    void resourcesAreTheDocumentsWithTitleTypeSizeAndDate() {
        JsonNode resources =
                client.send("resources/list", Json.object()).result().path("resources");
        assertThat(each(resources, "uri"))
                .containsExactly("docs:///%E7%BD%91%E5%85%B3.md", "docs:///guide/set%20up.md", "docs:///readme.md");
        JsonNode readme = resources.get(2);
        assertThat(readme.path("name").stringValue()).isEqualTo("readme.md");
        assertThat(readme.path("title").stringValue()).isEqualTo("Read me");
        assertThat(readme.path("mimeType").stringValue()).isEqualTo("text/markdown");
        assertThat(readme.path("size").longValue()).isEqualTo(32);
        assertThat(readme.at("/annotations/lastModified").stringValue()).isNotBlank();
    }

    @Test
    void theTemplateReadsNestedDocumentsInWhicheverWayTheyAreEscaped() {
        JsonNode template =
                client.send("resources/templates/list", Json.object()).result().at("/resourceTemplates/0");
        assertThat(template.path("uriTemplate").stringValue()).isEqualTo("docs:///{+path}");
        for (String uri : List.of("docs:///guide/set%20up.md", "docs:///guide%2Fset%20up.md")) {
            JsonNode contents = client.read(uri).result().at("/contents/0");
            assertThat(contents.path("uri").stringValue()).isEqualTo(uri);
            assertThat(contents.path("text").stringValue()).startsWith("# Set-up");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "docs:///none.md",
                "docs:///../secret.md",
                "docs:///..%2Fsecret.md",
                "docs:///guide/..%2f..%2fsecret.md",
                "docs:///guide/%2e%2e/%2e%2e/secret.md",
                "docs:///link.md",
                "docs:////etc/passwd",
                "docs:///%2Fetc%2Fpasswd",
                "docs:///readme.md%00",
                "docs:///%00readme.md",
                "docs:///guide",
                "docs:///guide%5C..%5Creadme.md",
                "file:///etc/passwd",
                "not a uri"
            })
    void thereIsNoResourceBesidesTheDocuments(String uri) {
        Received received = client.read(uri);
        assertThat(received.error().code()).isEqualTo(-32602);
        assertThat(received.error().message()).doesNotContain("Secret").doesNotContain(parent.toString());
    }

    @Test
    void namesAreCompleted() {
        ObjectNode params = Json.object();
        params.putObject("ref").put("type", "ref/resource").put("uri", "docs:///{+path}");
        params.putObject("argument").put("name", "path").put("value", "RE");
        assertThat(client.send("completion/complete", params)
                        .result()
                        .at("/completion/values/0")
                        .stringValue())
                .isEqualTo("readme.md");

        params.putObject("ref").put("type", "ref/prompt").put("name", "outline");
        params.putObject("argument").put("name", "document").put("value", "网");
        assertThat(client.send("completion/complete", params)
                        .result()
                        .at("/completion/values/0")
                        .stringValue())
                .isEqualTo("网关.md");
    }

    @Test
    void theOutlinePromptHasTheHeadingsAndTheDocument() {
        ObjectNode params = object("name", "outline");
        params.putObject("arguments").put("document", "readme.md");
        JsonNode messages = client.send("prompts/get", params).result().path("messages");
        assertThat(messages.at("/0/content/text").stringValue()).contains("- Read me\n  - Next");
        assertThat(messages.at("/1/content/resource/text").stringValue()).contains("Start here.");

        params.putObject("arguments").put("document", "../secret.md");
        assertThat(client.send("prompts/get", params).error().message()).contains("There is no document named");
    }

    @Test
    void aNoteIsAddedOnce() throws IOException {
        ObjectNode note = object("name", "会议 2026-11-22").put("text", "# 会议");
        JsonNode added = client.call("add_note", note).path("structuredContent");
        assertThat(added.path("name").stringValue()).isEqualTo("会议 2026-11-22.md");
        assertThat(client.read(added.path("uri").stringValue())
                        .result()
                        .at("/contents/0/text")
                        .stringValue())
                .isEqualTo("# 会议");

        JsonNode again = client.call("add_note", note.put("text", "other"));
        assertThat(again.path("isError").booleanValue()).isTrue();
        assertThat(text(again)).contains("already", "Choose another name");
        assertThat(root.resolve("会议 2026-11-22.md")).hasContent("# 会议");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../x",
                "..",
                "a/b",
                "a\\b",
                ".hidden",
                "a..b",
                "nul\0l",
                "line\nbreak",
                " lead",
                "trail ",
                "trail.",
                "a:b",
                "/etc/x",
                "%2e%2e%2fx",
                "0123456789012345678901234567890123456789012345678901234567890"
            })
    void aNoteCannotBeNamedLikeThis(String name) throws IOException {
        JsonNode refused = client.call("add_note", object("name", name).put("text", "x"));
        assertThat(refused.path("isError").booleanValue()).isTrue();
        assertThat(text(refused)).contains("name must have 1 to 60 letters");
        try (var files = Files.walk(parent)) {
            assertThat(files.filter(Files::isRegularFile)).hasSize(5);
        }
    }

    private JsonNode delete(String name, ObjectNode more) {
        ObjectNode params = TestClient.toolCall("delete_document", object("name", name));
        params.setAll(more);
        return client.send("tools/call", params).result();
    }

    private static ObjectNode answer(JsonNode asked, String action, boolean delete) {
        ObjectNode more = object("requestState", asked.path("requestState").stringValue());
        ObjectNode response =
                more.putObject("inputResponses").putObject("confirm").put("action", action);
        if (action.equals("accept")) {
            response.putObject("content").put("delete", delete);
        }
        return more;
    }

    private JsonNode askedToDelete(String name) {
        JsonNode asked = delete(name, Json.object());
        assertThat(asked.path("resultType").stringValue()).isEqualTo("input_required");
        return asked;
    }

    @Test
    void aDeletionNamesTheDocumentAndHappensWhenAccepted() {
        JsonNode asked = askedToDelete("readme.md");
        assertThat(asked.at("/inputRequests/confirm/params/message").stringValue())
                .startsWith("Delete readme.md (32 bytes");
        assertThat(root.resolve("readme.md")).exists();

        JsonNode deleted = delete("readme.md", answer(asked, "accept", true));

        assertThat(text(deleted)).isEqualTo("readme.md is deleted.");
        assertThat(root.resolve("readme.md")).doesNotExist();
        assertThat(text(delete("readme.md", Json.object()))).contains("There is no document named readme.md");
    }

    @Test
    void aDeletionThatIsNotAgreedToDoesNotHappen() {
        assertThat(text(delete("readme.md", answer(askedToDelete("readme.md"), "decline", false))))
                .contains("declined");
        assertThat(text(delete("readme.md", answer(askedToDelete("readme.md"), "cancel", false))))
                .contains("dismissed");
        assertThat(text(delete("readme.md", answer(askedToDelete("readme.md"), "accept", false))))
                .contains("did not confirm");
        assertThat(root.resolve("readme.md")).exists();
    }

    @Test
    void aConsentCountsOnceAlsoForTheVerySameFile() throws IOException {
        Path file = root.resolve("readme.md");
        String content = Files.readString(file);
        var modified = Files.getLastModifiedTime(file);
        JsonNode asked = askedToDelete("readme.md");
        delete("readme.md", answer(asked, "accept", true));
        Files.writeString(file, content);
        Files.setLastModifiedTime(file, modified);

        JsonNode replayed = delete("readme.md", answer(asked, "accept", true));

        assertThat(replayed.path("resultType").stringValue()).isEqualTo("input_required");
        assertThat(file).exists();
    }

    @Test
    void aConsentIsForTheDocumentAsItWas() throws IOException {
        JsonNode asked = askedToDelete("readme.md");
        Files.writeString(root.resolve("readme.md"), "# A new version");

        JsonNode answered = delete("readme.md", answer(asked, "accept", true));

        assertThat(answered.path("resultType").stringValue()).isEqualTo("input_required");
        assertThat(answered.at("/inputRequests/confirm/params/message").stringValue())
                .contains("(15 bytes");
        assertThat(root.resolve("readme.md")).exists();
    }

    @Test
    void aConsentForOneDocumentIsNoneForAnother() {
        JsonNode asked = askedToDelete("readme.md");
        ObjectNode params = TestClient.toolCall("delete_document", object("name", "网关.md"));
        params.setAll(answer(asked, "accept", true));
        assertThat(client.send("tools/call", params).error().code()).isEqualTo(-32602);
        assertThat(root.resolve("网关.md")).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../secret.md", "link.md", "/etc/passwd", "guide", "none.md", ".hidden.md"})
    void whatIsNoDocumentIsNotEvenAskedAbout(String name) {
        JsonNode refused = delete(name, Json.object());
        assertThat(refused.path("isError").booleanValue()).isTrue();
        assertThat(text(refused)).contains("Call list_documents");
        assertThat(parent.resolve("secret.md")).exists();
    }

    @Test
    void listenersHearOfChangesByWhoeverMakesThem() throws IOException {
        ObjectNode params = Json.object();
        ObjectNode wanted = params.putObject("notifications").put("resourcesListChanged", true);
        wanted.putArray("resourceSubscriptions").add("docs:///readme.md");
        try (Conversation listening = client.open("subscriptions/listen", params)) {
            assertThat(listening.next().method()).isEqualTo("notifications/subscriptions/acknowledged");

            Files.writeString(root.resolve("readme.md"), "# Changed");
            var updated = listening.next();
            assertThat(updated.method()).isEqualTo("notifications/resources/updated");
            assertThat(updated.params().path("uri").stringValue()).isEqualTo("docs:///readme.md");

            client.call("add_note", object("name", "note").put("text", "x"));
            assertThat(listening.next().method()).isEqualTo("notifications/resources/list_changed");
        }
    }
}
