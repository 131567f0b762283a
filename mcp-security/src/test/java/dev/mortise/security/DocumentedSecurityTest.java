package dev.mortise.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.Caller;
import dev.mortise.security.audit.AuditLog;
import dev.mortise.security.audit.CheckpointSigner;
import dev.mortise.security.secret.Secret;
import dev.mortise.security.secret.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/** What the documentation shows is code that compiles here. */
class DocumentedSecurityTest {
    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void everyBlockOfJavaIsInTheSourceThatIsCompiled() throws IOException {
        String compiled =
                withoutLayout(Files.readString(Path.of("src/test/java/dev/mortise/security/DocumentedSecurity.java")));
        List<String> blocks = BLOCK.matcher(Files.readString(Path.of("../docs/security.md")))
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(blocks).isNotEmpty().allSatisfy(block -> assertThat(compiled).contains(withoutLayout(block)));
    }

    private static String withoutLayout(String code) {
        return code.replaceAll("\\s+", "");
    }

    @Test
    void whatIsShownWorks(@TempDir Path directory) throws Exception {
        SQLiteDataSource dataSource = new SQLiteDataSource();
        dataSource.setUrl("jdbc:sqlite:" + directory.resolve("security.db"));
        SQLiteDataSource ofLog = new SQLiteDataSource();
        ofLog.setUrl("jdbc:sqlite:" + directory.resolve("audit.db"));
        KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Secrets secrets = Secrets.from(name -> Optional.of(Secret.of(name)), Duration.ofDays(1));
        try (AuditLog log = AuditLog.in(ofLog, CheckpointSigner.of(keys)).migrate();
                McpServer server = DocumentedSecurity.server(dataSource, log, secrets)) {
            assertThat(server.routes()).isNotEmpty();
        }
        Security security =
                DocumentedSecurity.people(Security.in(Environment.TEST)).build();
        DocumentedSecurity.users(security);
        assertThat(security.users().find("ann", "acme").orElseThrow().isDisabled())
                .isTrue();
        DocumentedSecurity.decide(security, Caller.of("boss"));
    }
}
