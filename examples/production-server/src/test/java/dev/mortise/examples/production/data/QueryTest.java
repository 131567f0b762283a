package dev.mortise.examples.production.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.examples.production.tool.CannotAnswer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Questions, and what somebody may try who wants more than an answer. */
@Timeout(60)
class QueryTest {
    private static final String CSV = "name,tons,code\nwheat,120,007\nrye,,008\n\"oats, wild\",3.5,\n";

    @TempDir
    Path folder;

    private static Query ask(String sql) throws CannotAnswer {
        CsvTable table = CsvTable.parse(CSV);
        return Query.run(sql, 100, sandbox -> sandbox.load("crops", table));
    }

    @Test
    void numbersAreNumbersAndNothingIsNothing() throws Exception {
        Query found = ask("SELECT sum(tons), count(tons), count(*), min(code) FROM crops");
        assertThat(found.rows().getFirst()).hasToString("[123.5, 2, 3, \"007\"]");
        assertThat(ask("WITH big AS (SELECT * FROM crops WHERE tons > 10) SELECT name FROM big")
                        .rows())
                .hasSize(1);
        assertThat(ask("SELECT 'x' UNION ALL SELECT name FROM crops -- end").rows())
                .hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO crops VALUES (1, 2, 3)",
                "WITH x AS (SELECT 1) DELETE FROM crops",
                "WITH x AS (SELECT 1) DELETE FROM crops RETURNING name",
                "WITH x AS (SELECT 1) INSERT INTO crops SELECT 1, 2, 3 RETURNING name",
                "INSERT INTO crops VALUES (1, 2, 3) RETURNING name",
                "DROP TABLE crops",
                "PRAGMA query_only = OFF",
                "ATTACH DATABASE '%s' AS other",
                "VACUUM INTO '%s'",
                "SELECT load_extension('/tmp/evil.so')",
                "SELECT writefile('%s', 'x')",
                "SELECT readfile('/etc/passwd')",
                "SELECT * FROM nowhere",
                "CREATE TABLE other (x)",
                "/* c */ UPDATE crops SET tons = 0",
                ""
            })
    void nothingIsWrittenAttachedOrLoaded(String sql) {
        Path target = folder.resolve("written");
        assertThatThrownBy(() -> ask(sql.formatted(target))).isInstanceOf(CannotAnswer.class);
        assertThat(target).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n",
                "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n ORDER BY x DESC",
                "SELECT length(randomblob(900000000))",
                "SELECT length(zeroblob(900000000))",
                "SELECT printf('%.900000000d', 1)",
                "WITH RECURSIVE n(x) AS (SELECT 'aaaaaaaa' UNION ALL SELECT x || x FROM n) SELECT max(length(x)) FROM n"
            })
    void whatWouldNeverEndIsEnded(String sql) {
        long start = System.nanoTime();
        assertThatThrownBy(() -> ask(sql)).isInstanceOf(CannotAnswer.class);
        assertThat(System.nanoTime() - start).isLessThan(15_000_000_000L);
    }

    @Test
    void whatTheStatementIsIsSeenThroughCommentsAndInTime() throws Exception {
        assertThat(ask("/* a /* b */ -- DELETE\n SELECT 1").rows()).hasSize(1);
        assertThat(FirstWord.of("/**/".repeat(5_000) + "DELETE")).isEqualTo("delete");
        assertThat(FirstWord.of("(".repeat(20_000))).isEmpty();
        assertThat(FirstWord.of("/* SELECT")).isEmpty();
    }

    @Test
    void rowsAndCellsAreBounded() throws Exception {
        Query found = ask("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"
                + " SELECT x, hex(zeroblob(10000)) FROM n");
        assertThat(found.more()).isTrue();
        assertThat(found.rows()).hasSizeLessThanOrEqualTo(100);
        assertThat(found.rows().getFirst().get(1).stringValue()).hasSizeLessThan(2_100);
        assertThat(ask("SELECT NULL, 1e999, x'00ff', 9007199254740993").rows().getFirst())
                .hasToString("[null, \"Infinity\", \"00ff\", 9007199254740993]");
    }

    @Test
    void aDatabaseFileIsAskedAndADamagedOneIsNamed() throws Exception {
        Path file = folder.resolve("shop.db");
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE orders (cents INTEGER)");
            statement.execute("INSERT INTO orders VALUES (250), (500)");
        }
        byte[] bytes = Files.readAllBytes(file);
        Query found = Query.run("SELECT sum(cents) FROM orders", 10, sandbox -> sandbox.load(bytes));
        assertThat(found.rows().getFirst()).hasToString("[750]");
        byte[] damaged = bytes.clone();
        Arrays.fill(damaged, 0, 100, (byte) 7);
        assertThatThrownBy(() -> Query.run("SELECT 1 FROM orders", 10, sandbox -> sandbox.load(damaged)))
                .isInstanceOf(CannotAnswer.class);
    }

    @Test
    void aTableThatIsTooLargeOrBrokenIsRefused() {
        assertThatThrownBy(() -> CsvTable.parse("a\n" + "1\n".repeat(CsvTable.MOST_ROWS + 1)))
                .hasMessageContaining("at most");
        assertThatThrownBy(() -> CsvTable.parse("a,".repeat(300) + "b\n")).hasMessageContaining("columns");
        assertThatThrownBy(() -> CsvTable.parse("a,b\n\"open,1\n")).isInstanceOf(CannotAnswer.class);
        assertThatThrownBy(() -> CsvTable.parse("a,b\n1,2,3\n")).hasMessageContaining("Row 2");
        assertThatThrownBy(() -> CsvTable.parse("")).hasMessageContaining("empty");
    }
}
