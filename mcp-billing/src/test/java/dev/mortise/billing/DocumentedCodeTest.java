package dev.mortise.billing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.billing.books.Books;
import dev.mortise.billing.books.SqlHome;
import dev.mortise.billing.plan.PlanRef;
import dev.mortise.billing.plan.Plans;
import dev.mortise.billing.plan.Standing;
import dev.mortise.billing.store.JdbcLedgerStore;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.transport.InMemoryTransport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What the pages about billing show is code that compiles here, and does what they say. */
class DocumentedCodeTest {
    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"docs/metering.md", "docs/pricing.md"})
    void everyBlockOfJavaIsInTheSourceThatIsCompiled(String document) throws IOException {
        String compiled =
                withoutLayout(Files.readString(Path.of("src/test/java/dev/mortise/billing/DocumentedBilling.java")));
        List<String> blocks = BLOCK.matcher(Files.readString(Path.of("..", document)))
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(blocks).isNotEmpty().allSatisfy(block -> assertThat(compiled).contains(withoutLayout(block)));
    }

    @Test
    void whatIsComposedChargesACallAndItsReceiptIsGood() throws Exception {
        KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        DataSource dataSource = SqlHome.sqliteFile(directory.resolve("office.db"));
        try (Books books = Books.sql(dataSource).migrate()) {
            books.plans().publish(Plans.STANDARD);
            books.tenants().register("~local", "Us", ZoneOffset.UTC);
            books.subscriptions().begin("~local", new PlanRef("starter", 1));
            List<AutoCloseable> parts = DocumentedBilling.meter(dataSource, books, keys);
            JsonNode result = InMemoryTransport.to(((McpServer) parts.getFirst())::handle)
                    .send("""
                            {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"translate","arguments":{},
                            "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",
                            "io.modelcontextprotocol/clientCapabilities":{}}}}""")
                    .result();
            String receipt =
                    result.path("_meta").path("dev.mortise/usageReceipt").stringValue();
            assertThat(DocumentedBilling.verified(keys, receipt))
                    .as("it is not acme's")
                    .isEmpty();
            assertThat(((Billing) parts.get(1)).ledger().balance("~local", "api_calls"))
                    .isEqualTo(5);
            for (AutoCloseable part : parts) {
                part.close();
            }
        }
    }

    @Test
    void theBooksOfThePageCanBeOpened() {
        DataSource dataSource = SqlHome.sqliteFile(directory.resolve("books.db"));
        try (JdbcLedgerStore store = JdbcLedgerStore.in(dataSource).migrate();
                Books books = DocumentedBilling.books(dataSource, store)) {
            assertThat(DocumentedBilling.entitled(books, Plans.STANDARD.getFirst())
                            .standing())
                    .isEqualTo(Standing.ACTIVE);
        }
    }

    @Test
    void theToolOfThePageIsDescribed() {
        assertThat(Json.tree(DocumentedBilling.embedding().definition()).toString())
                .contains("embed");
    }

    private static String withoutLayout(String code) {
        return code.replaceAll("\\s+", "");
    }
}
