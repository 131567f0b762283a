package dev.mortise.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.server.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the documentation shows is code that compiles here. */
class DocumentedCodeTest {
    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/guide.md"})
    void everyBlockOfJavaIsInTheSourceThatIsCompiled(String document) throws IOException {
        // The module for security is built after this one, and compiles what is shown of it.
        String compiled =
                withoutLayout(Files.readString(Path.of("src/test/java/dev/mortise/servlet/DocumentedCode.java"))
                        + Files.readString(
                                Path.of("../mcp-security/src/test/java/dev/mortise/security/DocumentedSecurity.java")));
        List<String> blocks = BLOCK.matcher(Files.readString(Path.of("..", document)))
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(blocks).isNotEmpty().allSatisfy(block -> assertThat(compiled).contains(withoutLayout(block)));
    }

    @Test
    void whatTheGuideComposesCanBeComposed() {
        assertThat(DocumentedCode.guide()).hasSize(5);
    }

    @Test
    void whatTheGuideExtendsCanBeBuilt(@TempDir Path folder) {
        assertThat(DocumentedCode.extended(folder)).hasSize(3).allSatisfy(McpServer::close);
    }

    @Test
    void theAuthorizationsOfTheGuideCanBeBuilt() throws GeneralSecurityException {
        byte[] key = KeyPairGenerator.getInstance("Ed25519")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        String pem = "-----BEGIN PRIVATE KEY-----\n" + Base64.getEncoder().encodeToString(key)
                + "\n-----END PRIVATE KEY-----";
        assertThat(DocumentedCode.authorizations(
                        Path.of("target", "tokens"), new SecretKeySpec(new byte[32], "AES"), pem, "hunter2"))
                .hasSize(4);
    }

    @Test
    void theServerOfTheGuideStartsAndStopsWhatItNeeds() {
        AtomicInteger open = new AtomicInteger();
        DocumentedCode.Service service = new DocumentedCode.Service() {
            @Override
            public void open() {
                open.incrementAndGet();
            }

            @Override
            public void close() {
                open.decrementAndGet();
            }

            @Override
            public void ping() {}
        };
        McpServer server = DocumentedCode.resilient(
                service, service, (Tool) DocumentedCode.guide().get(0));
        assertThat(open).hasValue(2);
        server.close();
        assertThat(open).hasValue(0);
        assertThat(DocumentedCode.guard().isDown()).isFalse();
    }

    private static String withoutLayout(String code) {
        return code.replaceAll("\\s+", "");
    }
}
