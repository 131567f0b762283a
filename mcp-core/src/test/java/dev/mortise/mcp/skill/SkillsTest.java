package dev.mortise.mcp.skill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.TestClient;
import dev.mortise.mcp.call.Decision;
import dev.mortise.mcp.internal.skill.Frontmatter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class SkillsTest {
    private static final String REFUNDS = """
            ---
            name: refunds
            description: "Process refunds: as the policy says"
            license: Apache-2.0
            metadata:
              version: "2.1"
              levels: [1, 2, true, null]
              since: 2026-01-01
            ---
            # Refunds
            See [the mail](examples/email.md).
            """;

    @TempDir
    private Path folder;

    private void write(String path, String text) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static TestClient serving(Skills skills) {
        return TestClient.of(McpServer.builder("test", "1").plugin(skills).build());
    }

    private static List<String> uris(JsonNode entries) {
        return entries.valueStream()
                .map(entry -> entry.path("uri").stringValue())
                .toList();
    }

    @Test
    void aFolderIsListedWithItsFrontmatterAndAllItsFiles() throws Exception {
        write("acme/billing/refunds/SKILL.md", REFUNDS);
        write("acme/billing/refunds/examples/email one.md", "Dear customer");
        TestClient client = serving(Skills.folder(folder));
        JsonNode list = client.result("skills/list", "{}");
        assertThat(list.path("resultType").stringValue()).isEqualTo("complete");
        assertThat(list.has("ttlMs") && list.has("cacheScope")).isTrue();
        JsonNode skill = list.at("/skills/0");
        assertThat(skill.path("uri").stringValue()).isEqualTo("skill://acme/billing/refunds/SKILL.md");
        assertThat(skill.path("frontmatter"))
                .isEqualTo(TestClient.json("{'name':'refunds','description':'Process refunds: as the policy says',"
                        + "'license':'Apache-2.0','metadata':{'version':'2.1','levels':[1,2,true,null],"
                        + "'since':'2026-01-01'}}"));
        assertThat(uris(skill.path("resources")))
                .containsExactlyInAnyOrder(
                        "skill://acme/billing/refunds/SKILL.md",
                        "skill://acme/billing/refunds/examples/email%20one.md");
        for (JsonNode file : skill.path("resources")) {
            JsonNode contents = client.result(
                            "resources/read", "{'uri':'" + file.path("uri").stringValue() + "'}")
                    .at("/contents/0");
            byte[] bytes = contents.path("text").stringValue().getBytes(StandardCharsets.UTF_8);
            assertThat(contents.path("mimeType").stringValue()).isEqualTo("text/markdown");
            assertThat(file.path("size").longValue()).isEqualTo(bytes.length);
            assertThat(file.path("digest").stringValue())
                    .isEqualTo("sha256:"
                            + HexFormat.of()
                                    .formatHex(
                                            MessageDigest.getInstance("SHA-256").digest(bytes)));
        }
        JsonNode one = client.result("skills/get", "{'uri':'skill://acme/billing/refunds/SKILL.md'}");
        assertThat(one.path("skill")).isEqualTo(skill);
        assertThat(one.has("ttlMs")).isTrue();
        assertThat(one.has("nextCursor")).isFalse();
    }

    @Test
    void theServerDeclaresResourcesAndTheExtension() {
        JsonNode capabilities =
                serving(Skills.of()).result("server/discover", "{}").path("capabilities");
        assertThat(capabilities.has("resources")).isTrue();
        assertThat(capabilities.path("extensions"))
                .isEqualTo(TestClient.json("{'io.modelcontextprotocol/skills':{'directoryRead':true}}"));
    }

    @Test
    void directoriesAreReadLevelByLevel() throws Exception {
        write("pdf/SKILL.md", "---\nname: pdf\ndescription: PDFs\n---\n");
        write("pdf/templates/invoice.md", "x");
        write("pdf/templates/regional/eu.md", "x");
        TestClient client = serving(Skills.folder(folder));
        JsonNode root = client.result("resources/directory/read", "{'uri':'skill://pdf'}");
        assertThat(uris(root.path("resources"))).containsExactly("skill://pdf/SKILL.md", "skill://pdf/templates");
        assertThat(root.at("/resources/0/name").stringValue()).isEqualTo("pdf");
        assertThat(root.at("/resources/1/mimeType").stringValue()).isEqualTo("inode/directory");
        JsonNode templates = client.result("resources/directory/read", "{'uri':'skill://pdf/templates'}");
        assertThat(uris(templates.path("resources")))
                .containsExactly("skill://pdf/templates/invoice.md", "skill://pdf/templates/regional");
        for (String wrong : new String[] {"skill://pdf/SKILL.md", "skill://pdf/", "skill://none", "skill://pdf/.."}) {
            assertThat(client.send("resources/directory/read", "{'uri':'" + wrong + "'}")
                            .error()
                            .code())
                    .isEqualTo(-32602);
        }
    }

    @Test
    void nothingOutsideOfTheSkillsIsServed(@TempDir Path outside) throws Exception {
        Files.writeString(outside.resolve("secret.md"), "secret");
        write("pdf/SKILL.md", "---\nname: pdf\ndescription: PDFs\n---\n");
        write("pdf/.hidden", "secret");
        write("loose.md", "secret");
        Files.createSymbolicLink(folder.resolve("pdf/link.md"), outside.resolve("secret.md"));
        Files.createSymbolicLink(folder.resolve("pdf/folder"), outside);
        TestClient client = serving(Skills.folder(folder));
        assertThat(uris(client.result("resources/list", "{}").path("resources")))
                .containsExactly("skill://pdf/SKILL.md");
        for (String uri : new String[] {
            "skill://pdf/link.md",
            "skill://pdf/folder/secret.md",
            "skill://pdf/.hidden",
            "skill://pdf/../loose.md",
            "skill://pdf/%2e%2e/loose.md",
            "skill://pdf/..%2floose.md",
            "skill://loose.md"
        }) {
            assertThat(client.send("resources/read", "{'uri':'" + uri + "'}")
                            .error()
                            .code())
                    .as(uri)
                    .isEqualTo(-32602);
        }
    }

    @Test
    void aFolderThatBecomesALinkIsNotFollowed(@TempDir Path outside) throws Exception {
        write("pdf/SKILL.md", "---\nname: pdf\ndescription: PDFs\n---\n");
        write("pdf/docs/a.md", "harmless");
        SkillFolder skills = new SkillFolder(folder);
        SkillFile file = skills.scan().skills().get(0).files().get("docs/a.md");
        Files.delete(folder.resolve("pdf/docs/a.md"));
        Files.delete(folder.resolve("pdf/docs"));
        Files.writeString(outside.resolve("a.md"), "secret");
        Files.createSymbolicLink(folder.resolve("pdf/docs"), outside);
        assertThatThrownBy(() -> file.content().open()).isInstanceOf(IOException.class);
    }

    @Test
    void aFolderThatChangesIsNoticedASecondLater() throws Exception {
        write("pdf/SKILL.md", "---\nname: pdf\ndescription: PDFs\n---\n");
        AtomicLong nanos = new AtomicLong();
        SkillFolder skills = new SkillFolder(folder, nanos::get);
        SkillFolder.Scan first = skills.scan();
        String digest = first.skills().get(0).files().get("SKILL.md").digest();
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
        assertThat(skills.scan()).isSameAs(first);

        write("pdf/SKILL.md", "---\nname: pdf\ndescription: Other PDFs\n---\n");
        write("xml/SKILL.md", "---\nname: xml\ndescription: XML\n---\n");
        assertThat(skills.scan()).isSameAs(first);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
        assertThat(skills.scan().skills()).extracting(Skill::name).containsExactlyInAnyOrder("pdf", "xml");
        assertThat(skills.scan().skills().get(0).files().get("SKILL.md").digest())
                .isNotEqualTo(digest);
    }

    @Test
    void aSkillThatBreaksARuleIsLeftOut() throws Exception {
        write("good/SKILL.md", "---\nname: good\ndescription: Good\n---\n");
        write("other-name/SKILL.md", "---\nname: name\ndescription: x\n---\n");
        write("Upper/SKILL.md", "---\nname: Upper\ndescription: x\n---\n");
        write("double--dash/SKILL.md", "---\nname: double--dash\ndescription: x\n---\n");
        write("no-description/SKILL.md", "---\nname: no-description\n---\n");
        write("no-head/SKILL.md", "# No head\n");
        write("bad-yaml/SKILL.md", "---\nname: [\n---\n");
        write("twice/SKILL.md", "---\nname: twice\nname: twice\ndescription: x\n---\n");
        write("no-map/SKILL.md", "---\n- a\n---\n");
        write(
                "bomb/SKILL.md",
                "---\nname: bomb\ndescription: x\na: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: &d [*c,*c]\n"
                        + "e: &e [*d,*d]\nf: [*e,*e]\n---\n");
        Files.write(folder.resolve("good/image.png"), new byte[] {1, 2, 3, (byte) 0xff});
        TestClient client = serving(Skills.folder(folder));
        assertThat(uris(client.result("skills/list", "{}").path("skills")))
                .contains("skill://good/SKILL.md")
                .doesNotContain("skill://other-name/SKILL.md", "skill://bad-yaml/SKILL.md", "skill://twice/SKILL.md");
        assertThat(client.result("skills/list", "{}").path("skills")).hasSizeLessThanOrEqualTo(2);
        assertThat(Base64.getDecoder()
                        .decode(client.result("resources/read", "{'uri':'skill://good/image.png'}")
                                .at("/contents/0/blob")
                                .stringValue()))
                .containsExactly(1, 2, 3, 255);
    }

    @Test
    void aNestedSkillIsOneOfItsOwnAndItsFilesBelongToBoth() throws Exception {
        write("outer/SKILL.md", "---\nname: outer\ndescription: Outer\n---\n");
        write("outer/inner/SKILL.md", "---\nname: inner\ndescription: Inner\n---\n");
        TestClient client = serving(Skills.folder(folder));
        JsonNode skills = client.result("skills/list", "{}").path("skills");
        assertThat(uris(skills)).containsExactly("skill://outer/SKILL.md", "skill://outer/inner/SKILL.md");
        assertThat(uris(skills.get(0).path("resources")))
                .containsExactlyInAnyOrder("skill://outer/SKILL.md", "skill://outer/inner/SKILL.md");
    }

    @Test
    void aSkillIsComposedInCode() {
        Skill skill = Skill.named("refunds", "Says: \"no\" # always")
                .under("acme")
                .with("license", "Apache-2.0")
                .file("references/POLICY.md", "No refunds.")
                .instructions("# Refunds\n");
        TestClient client = serving(Skills.of(skill));
        JsonNode entry = client.result("skills/get", "{'uri':'skill://acme/refunds/SKILL.md'}")
                .path("skill");
        String text = client.result("resources/read", "{'uri':'skill://acme/refunds/SKILL.md'}")
                .at("/contents/0/text")
                .stringValue();
        assertThat(Frontmatter.read(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(entry.path("frontmatter"));
        assertThat(text).endsWith("---\n\n# Refunds\n");
        assertThat(client.result("resources/list", "{}")
                        .at("/resources/0")
                        .path("description")
                        .stringValue())
                .isEqualTo("Says: \"no\" # always");
        assertThatThrownBy(() -> Skill.named("No", "x")).isInstanceOf(InvalidSkill.class);
        assertThatThrownBy(() -> Skill.named("no", "x").file("../x", "x")).isInstanceOf(InvalidSkill.class);
        assertThatThrownBy(() -> Skill.named("no", "x").file("SKILL.md", "x")).isInstanceOf(InvalidSkill.class);
        assertThatThrownBy(() -> Skill.named("no", "x").under("/etc")).isInstanceOf(InvalidSkill.class);
    }

    @Test
    void manySkillsComeInPages() {
        Skills skills = Skills.of();
        for (int i = 0; i < 230; i++) {
            skills = skills.and(
                    Skill.named("skill-%03d".formatted(i), "One of many").instructions("x"));
        }
        TestClient client = serving(skills);
        List<String> all = new ArrayList<>();
        JsonNode page = client.result("skills/list", "{}");
        all.addAll(uris(page.path("skills")));
        while (page.has("nextCursor")) {
            page = client.result(
                    "skills/list", "{'cursor':'" + page.path("nextCursor").stringValue() + "'}");
            all.addAll(uris(page.path("skills")));
        }
        assertThat(all).hasSize(230).doesNotHaveDuplicates().isSorted();
        assertThat(client.send("skills/list", "{'cursor':'%%%'}").error().code())
                .isEqualTo(-32602);
    }

    @Test
    void thePolicyDecidesOnSkillsAsOnResources() {
        McpServer server = McpServer.builder("test", "1")
                .plugin(Skills.of(
                        Skill.named("open", "x").instructions("x"),
                        Skill.named("secret", "x").instructions("x")))
                .policy((caller, target) -> target.name().contains("secret") ? Decision.DENY : Decision.ALLOW)
                .build();
        TestClient client = TestClient.of(server);
        assertThat(uris(client.result("skills/list", "{}").path("skills"))).containsExactly("skill://open/SKILL.md");
        for (String method : new String[] {"skills/get", "resources/read", "resources/directory/read"}) {
            String uri = method.endsWith("directory/read") ? "skill://secret" : "skill://secret/SKILL.md";
            assertThat(client.send(method, "{'uri':'" + uri + "'}").error().code())
                    .isEqualTo(-32602);
        }
    }

    @Test
    void whatIsNoSkillIsAnInvalidParam() {
        TestClient client = serving(Skills.of(Skill.named("one", "x").instructions("x")));
        for (String params :
                new String[] {"{}", "{'uri':5}", "{'uri':'skill://none/SKILL.md'}", "{'uri':'skill://one'}"}) {
            assertThat(client.send("skills/get", params).error().code()).isEqualTo(-32602);
        }
        assertThatThrownBy(() -> Skills.folder(folder.resolve("none"))).hasMessageContaining("There is no folder");
    }
}
