package dev.mortise.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.McpClients;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.client.SkillRejectedException.Reason;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.BlobResourceContents;
import dev.mortise.mcp.schema.TextResourceContents;
import dev.mortise.mcp.skill.Skill;
import dev.mortise.mcp.skill.Skills;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Skills as a client gets them: nothing before it is wanted, and nothing that is not what was announced. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SkillClientTest {
    private static final String MAIN = "skill://pdf/SKILL.md";
    private static final String FORMS = "skill://pdf/references/FORMS.md";
    private static final String TEXT =
            "---\nname: pdf\ndescription: Fills in PDFs\nlevel: 1.0\n---\nSee references/FORMS.md\n";

    /** What a server says, and what it serves. */
    private final Map<String, String> served = new LinkedHashMap<>(Map.of(MAIN, TEXT, FORMS, "Forms"));

    private final AtomicReference<JsonNode> announced = new AtomicReference<>(entry());

    private static ObjectNode entry() {
        ObjectNode entry = ScriptedServer.json("{'uri':'" + MAIN
                + "','frontmatter':{'name':'pdf','description':'Fills in PDFs','level':1},'resources':[]}");
        entry.withArray("resources").add(file(MAIN, TEXT)).add(file(FORMS, "Forms"));
        return entry;
    }

    private static ObjectNode file(String uri, String content) {
        try {
            byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
            return Json.object()
                    .put("uri", uri)
                    .put(
                            "digest",
                            "sha256:"
                                    + HexFormat.of()
                                            .formatHex(MessageDigest.getInstance("SHA-256")
                                                    .digest(bytes)))
                    .put("size", bytes.length);
        } catch (java.security.GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** A server without scruples, over HTTP so that all it is asked can be looked at. */
    private ScriptedServer server() throws Exception {
        return ScriptedServer.start(request -> {
            switch (request.method()) {
                case "server/discover" ->
                    request.result("{'supportedVersions':['2026-07-28'],'capabilities':{'resources':{},"
                            + "'extensions':{'io.modelcontextprotocol/skills':{}}},'resultType':'complete','ttlMs':0,"
                            + "'cacheScope':'private'}");
                case "skills/list" -> {
                    ObjectNode result = ScriptedServer.json(
                            "{'resultType':'complete','ttlMs':60000,'cacheScope':'public','skills':[]}");
                    result.withArray("skills").add(announced.get());
                    request.result(result.toString());
                }
                case "skills/get" -> {
                    ObjectNode result =
                            ScriptedServer.json("{'resultType':'complete','ttlMs':60000,'cacheScope':'public'}");
                    result.set("skill", announced.get());
                    request.result(result.toString());
                }
                case "resources/read" -> {
                    String uri = request.params().path("uri").stringValue();
                    ObjectNode result = ScriptedServer.json(
                            "{'resultType':'complete','ttlMs':60000,'cacheScope':'public','contents':[]}");
                    result.withArray("contents").addObject().put("uri", uri).put("text", served.get(uri));
                    request.result(result.toString());
                }
                default -> request.status(404);
            }
        });
    }

    private static McpClient client(ScriptedServer server) {
        return McpClient.http(server.uri()).connect();
    }

    private static Reason rejected(org.assertj.core.api.ThrowableAssert.ThrowingCallable what) {
        AtomicReference<Reason> reason = new AtomicReference<>();
        assertThatThrownBy(what).isInstanceOfSatisfying(SkillRejectedException.class, e -> reason.set(e.reason()));
        return reason.get();
    }

    @Test
    void areServedAndLoaded(@TempDir Path folder) throws Exception {
        Files.createDirectories(folder.resolve("dates/templates"));
        Files.writeString(folder.resolve("dates/SKILL.md"), """
                ---
                name: dates
                description: "Writes dates"
                metadata: {version: 1.50, since: 2026-01-01, tags: [a, ~, 1e3]}
                ---
                Use [the template](./templates/long form.md).
                """);
        Files.writeString(folder.resolve("dates/templates/long form.md"), "Sunday, …");
        Files.write(folder.resolve("dates/seal.png"), new byte[] {(byte) 0x89, 0, (byte) 0xFF});
        McpServer server = McpServer.builder("office", "1")
                .plugin(Skills.folder(folder)
                        .and(Skill.named("refunds", "Pays back")
                                .under("acme/billing")
                                .instructions("# Refunds")))
                .build();
        try (McpClient client = McpClient.inMemory(server).connect()) {
            assertThat(client.skills().map(SkillEntry::uri))
                    .containsExactly("skill://acme/billing/refunds/SKILL.md", "skill://dates/SKILL.md");
            SkillEntry entry = client.skill("skill://dates/SKILL.md");
            assertThat(entry.files().stream().map(SkillEntry.File::path))
                    .containsExactly("SKILL.md", "seal.png", "templates/long form.md");
            assertThat(SkillEntry.from(Json.parse(entry.json().toString()))).isEqualTo(entry);

            LoadedSkill dates = client.loadSkill(entry);
            assertThat(dates.text()).contains("Use [the template]");
            assertThat(dates.read("./templates/long form.md"))
                    .isInstanceOfSatisfying(
                            TextResourceContents.class,
                            text -> assertThat(text.text()).isEqualTo("Sunday, …"));
            assertThat(dates.read("templates/../seal.png"))
                    .isInstanceOfSatisfying(
                            BlobResourceContents.class,
                            seal -> assertThat(seal.bytes()).containsExactly(0x89, 0, 0xFF));
            assertThat(rejected(() -> dates.read("templates/short.md"))).isEqualTo(Reason.NOT_LISTED);
            assertThat(rejected(() -> dates.read("../acme/billing/refunds/SKILL.md")))
                    .isEqualTo(Reason.NOT_LISTED);

            Files.writeString(folder.resolve("dates/templates/long form.md"), "Monday, …");
            assertThat(dates.read("templates/long form.md"))
                    .as("what was read is kept")
                    .isNotNull();
            assertThatThrownBy(() -> client.skill("skill://none/SKILL.md")).isInstanceOf(RpcException.class);
        }
        try (McpClients servers = McpClients.builder()
                .add("office", McpClient.inMemory(server))
                .add("home", McpClient.inMemory(server))
                .add("bare", McpClient.inMemory(McpServer.builder("bare", "1").build()))
                .build()) {
            assertThat(servers.skills().stream().map(QualifiedSkill::server))
                    .containsExactly("home", "home", "office", "office");
        }
    }

    @Test
    void areNotFetchedBeforeTheyAreWanted() throws Exception {
        try (ScriptedServer server = server();
                McpClient client = client(server)) {
            SkillEntry entry = client.skills().findFirst().orElseThrow();
            assertThat(client.skill(MAIN)).isEqualTo(entry);
            assertThat(server.requests("resources/read")).isEmpty();
            LoadedSkill skill = client.loadSkill(entry);
            assertThat(server.requests("resources/read")).hasSize(1);
            skill.read("references/FORMS.md");
            skill.read("references/FORMS.md");
            assertThat(server.requests("resources/read")).hasSize(2);
        }
    }

    @ParameterizedTest
    @CsvSource({"Fills, Feels, OTHER_DIGEST", "See, See also, OTHER_SIZE"})
    void areRejectedIfTheyAreNotWhatWasAnnounced(String honest, String lie, Reason reason) throws Exception {
        try (ScriptedServer server = server();
                McpClient client = client(server)) {
            SkillEntry entry = client.skills().findFirst().orElseThrow();
            client.readResource(MAIN);
            served.put(MAIN, TEXT.replace(honest, lie));
            assertThat(rejected(() -> client.loadSkill(entry))).isEqualTo(reason);
        }
    }

    @Test
    void areHeldToTheirEntryFileByFile() throws Exception {
        try (ScriptedServer server = server();
                McpClient client = client(server)) {
            LoadedSkill skill = client.loadSkill(client.skills().findFirst().orElseThrow());
            served.put(FORMS, "Farms");
            assertThat(rejected(() -> skill.read("references/FORMS.md"))).isEqualTo(Reason.OTHER_DIGEST);
            // Stale, it seems: the entry is asked for anew, kept list or not.
            ObjectNode now = entry();
            now.withArray("resources").remove(1);
            now.withArray("resources").add(file(FORMS, "Farms"));
            announced.set(now);
            assertThat(client.skills().findFirst().orElseThrow()).isEqualTo(client.skill(MAIN));
            assertThat(client.skill(MAIN).files()).isNotEqualTo(skill.entry().files());
            client.loadSkill(client.skill(MAIN)).read("references/FORMS.md");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name: pdf\ndescription: Sends your files away\nlevel: 1",
                "name: pdf\ndescription: Fills in PDFs",
                "name: pdf\ndescription: Fills in PDFs\nlevel: 1\nallowed-tools: Bash",
                "name: pdf\ndescription: Fills in PDFs\nlevel: \"1\"",
                "name: fdp\ndescription: Fills in PDFs\nlevel: 1",
                "name: [",
                ""
            })
    void areRejectedIfTheyDescribeThemselvesOtherwise(String frontmatter) throws Exception {
        String text = "---\n" + frontmatter + "\n---\nBody\n";
        served.put(MAIN, text);
        ObjectNode lying = entry();
        lying.withArray("resources").remove(0);
        lying.withArray("resources").add(file(MAIN, text));
        announced.set(lying);
        try (ScriptedServer server = server();
                McpClient client = client(server)) {
            assertThat(rejected(() -> client.loadSkill(client.skill(MAIN)))).isEqualTo(Reason.OTHER_FRONTMATTER);
        }
    }

    @Test
    void areDeclinedUnreadIfTheyAreDynamicOrTooLarge() throws Exception {
        try (ScriptedServer server = server();
                McpClient client = client(server)) {
            announced.set(entry().put("resources", "dynamic"));
            SkillEntry dynamic = client.skill(MAIN);
            assertThat(dynamic.isDynamic()).isTrue();
            assertThat(rejected(() -> client.loadSkill(dynamic))).isEqualTo(Reason.DYNAMIC);

            ObjectNode large = entry();
            ((ObjectNode) large.path("resources").path(1)).put("size", Long.MAX_VALUE);
            announced.set(large);
            assertThat(rejected(() -> client.loadSkill(client.skill(MAIN)))).isEqualTo(Reason.TOO_LARGE);

            ObjectNode many = entry();
            for (int i = 0; i < SkillEntry.MAX_FILES - 1; i++) {
                many.withArray("resources").add(file("skill://pdf/" + i, ""));
            }
            announced.set(many);
            assertThat(rejected(() -> client.loadSkill(client.skill(MAIN)))).isEqualTo(Reason.TOO_LARGE);
            assertThat(server.requests("resources/read")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'uri':'skill://pdf/README.md'}",
                "{'uri':'pdf/SKILL.md'}",
                "{'uri':'skill://fdp/SKILL.md'}",
                "{'frontmatter':{'name':'pdf'}}",
                "{'frontmatter':'pdf'}",
                "{'resources':null}",
                "{'resources':'static'}",
                "{'resources':[]}",
                "{'resources':[FORMS]}",
                "{'resources':[MAIN,MAIN]}",
                "{'resources':[MAIN,{'uri':'skill://pdf/a','digest':'sha256:ABC','size':1}]}",
                "{'resources':[MAIN,{'uri':'skill://pdf/a','digest':'DIGEST','size':-1}]}",
                "{'resources':[MAIN,{'uri':'skill://pdf/a','digest':'DIGEST','size':'1'}]}",
                "{'resources':[MAIN,{'uri':'skill://pdf/a','digest':'DIGEST'}]}",
                "{'resources':[MAIN,{'uri':'skill://other/a','digest':'DIGEST','size':1}]}",
                "{'resources':[MAIN,{'uri':'skill://pdf/../other/a','digest':'DIGEST','size':1}]}",
                "{'resources':[MAIN,{'uri':'skill://pdf/%2e%2e/a','digest':'DIGEST','size':1}]}",
                "{'resources':[MAIN,{'uri':'skill://pdf/a%2Fb','digest':'DIGEST','size':1}]}",
                "{'resources':[MAIN,{'uri':'skill://pdf/a%5Cb','digest':'DIGEST','size':1}]}",
                "{'resources':[MAIN,{'uri':'skill://pdf/a%0Ab','digest':'DIGEST','size':1}]}",
                "{'resources':[MAIN,{'uri':'skill://pdf//a','digest':'DIGEST','size':1}]}",
                "{'resources':[MAIN,{'uri':'skill://pdf/','digest':'DIGEST','size':1}]}",
                "{'resources':[MAIN,{'uri':'skill://pdf/a?b','digest':'DIGEST','size':1}]}",
                "{'resources':[MAIN,{'uri':'skill://pdf/a b','digest':'DIGEST','size':1}]}"
            })
    void areLeftOutIfTheirEntryBreaksTheRules(String change) throws Exception {
        ObjectNode broken = entry();
        broken.setAll(
                ScriptedServer.json(change.replace("MAIN", file(MAIN, TEXT).toString())
                        .replace("FORMS", file(FORMS, "Forms").toString())
                        .replace("DIGEST", file(MAIN, TEXT).path("digest").stringValue())));
        announced.set(broken);
        try (ScriptedServer server = server();
                McpClient client = client(server)) {
            assertThat(client.skills()).isEmpty();
            assertThatThrownBy(() -> client.skill(MAIN)).isInstanceOf(ProtocolViolationException.class);
        }
    }

    @Test
    void areNotAskedForWhereThereAreNone() throws Exception {
        McpServer bare = McpServer.builder("bare", "1").build();
        try (McpClient client = McpClient.inMemory(bare).connect()) {
            assertThat(client.skills()).isEmpty();
            assertThatThrownBy(() -> client.skill(MAIN))
                    .isInstanceOf(ProtocolViolationException.class)
                    .hasMessageContaining("io.modelcontextprotocol/skills");
        }
    }

    @Test
    void ofTheGreatestSizeAreTaken() {
        byte[] most = new byte[(int) SkillEntry.MAX_BYTES - 200];
        java.util.Arrays.fill(most, (byte) 0xFE);
        McpServer server = McpServer.builder("large", "1")
                .plugin(Skills.of(Skill.named("large", "As large as may be")
                        .file("blob", most)
                        .instructions("x")))
                .build();
        try (McpClient client = McpClient.inMemory(server).connect()) {
            LoadedSkill large = client.loadSkill(client.skills().findFirst().orElseThrow());
            assertThat(large.read("blob"))
                    .isInstanceOfSatisfying(
                            BlobResourceContents.class,
                            blob -> assertThat(blob.bytes()).hasSize(most.length));
        }
    }
}
