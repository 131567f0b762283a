package dev.mortise.examples.production.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mortise.examples.production.tool.CannotAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a single statement may cost. Without its bounds, most of these take minutes, or gigabytes. */
@Timeout(30)
class QueryBoundsTest {
    /** Texts that are as long as they may be, and alike, so that whoever compares them has to go to their ends. */
    private static final String TEXTS = "WITH s(a) AS (SELECT printf('%.*c', 99000, 'a')),"
            + " t(a, b, c) AS (SELECT a, substr(a, 1, 900) || 'b', printf('%.*c', 99000, 'bcdefgh') FROM s) ";

    private static final String NUMBERS =
            "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT %d) SELECT %s FROM n";

    @TempDir
    Path folder;

    private static Query ask(String sql) throws CannotAnswer {
        return Query.run(sql, 100, sandbox -> {});
    }

    private static Query patiently(String sql, long memory) throws CannotAnswer {
        return Query.run(sql, 100, TimeUnit.MINUTES.toNanos(1), memory, sandbox -> {});
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "instr(a, b || %d)",
                "length(replace(a, b || %d, 'c'))",
                "length(trim(a || %d, c))",
                "length(rtrim(%d || a, c))",
                "a LIKE '%%%%' || b || %d",
                "a LIKE '%%%%a%%%%a%%%%a%%%%' || b || '%%%%' || %d",
                "a GLOB '*a*a*' || b || '*' || %d",
                "length(json_patch('{}', a || %d))",
            })
    void manyCallsOfOneFunctionInARowEndInTime(String call) {
        // All of them stand between two jumps, where SQLite asks nobody.
        String calls = IntStream.range(0, 400).mapToObj(call::formatted).collect(Collectors.joining(","));
        String sql = TEXTS + "SELECT " + calls + " FROM t AS one, (VALUES " + "(1),".repeat(200) + "(1)) AS many";
        assertThatThrownBy(() -> ask(sql))
                .isInstanceOf(CannotAnswer.class)
                .hasMessageMatching("(?s).*(took too long|no such function|too complex|Too long a text).*");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT length(padl('x', 2000000000))",
                "SELECT length(replicate('aaaaaaaaaa', 200000000))",
                "SELECT length(\"padc\" /* a */ -- b\n ('x', 2000000000))",
                "SELECT [StrFilter] ('a', 'b')",
                "SELECT charindex\uFEFF('a', 'b')",
                "SELECT mode(1)",
            })
    void functionsOfTheDriverThatHeedNoLimitAreNotThere(String sql) {
        assertThatThrownBy(() -> ask(sql)).hasMessageContaining("There is no function");
    }

    @Test
    void norBehindAView() throws Exception {
        byte[] database = database(
                "CREATE TABLE t (name TEXT)",
                "INSERT INTO t VALUES ('Wheat')",
                "CREATE VIEW good AS SELECT name FROM t WHERE name LIKE 'w%'",
                "CREATE VIEW evil AS SELECT padl(name, 2000000000) AS long FROM t");
        assertThat(Query.run("SELECT * FROM good", 10, sandbox -> sandbox.load(database))
                        .rows())
                .hasSize(1);
        assertThatThrownBy(() -> Query.run("SELECT * FROM evil", 10, sandbox -> sandbox.load(database)))
                .hasMessageContaining("unsafe use of padl");
    }

    @Test
    void aColumnThatIsCalledLikeOneOfThemIsAColumn() throws Exception {
        assertThat(ask("WITH t(mode, reverse) AS (VALUES ('mode(1)', 2)) SELECT mode, reverse FROM t WHERE mode <> ''")
                        .rows())
                .hasSize(1);
    }

    @Test
    void aProgramThatGrowsByItselfIsRefused() {
        StringBuilder sql = new StringBuilder("WITH a0(x) AS (SELECT random())");
        for (int i = 1; i < 40; i++) {
            sql.append(", a%d(x) AS (SELECT (SELECT x FROM a%d) + (SELECT x FROM a%d))".formatted(i, i - 1, i - 1));
        }
        assertThatThrownBy(() -> ask(sql + " SELECT x FROM a39")).hasMessageContaining("too complicated");
    }

    @Test
    void noMoreDoViews() throws Exception {
        List<String> statements = new ArrayList<>(List.of("CREATE TABLE a0 (x)"));
        for (int i = 1; i < 40; i++) {
            statements.add("CREATE VIEW a%d AS SELECT (SELECT x FROM a%d) + (SELECT x FROM a%d) AS x"
                    .formatted(i, i - 1, i - 1));
        }
        byte[] database = database(statements.toArray(String[]::new));
        assertThatThrownBy(() -> Query.run("SELECT x FROM a39", 10, sandbox -> sandbox.load(database)))
                .hasMessageContaining("too complicated");
        assertThat(Query.run("SELECT x FROM a3", 10, sandbox -> sandbox.load(database))
                        .rows())
                .hasSize(1);
    }

    @Test
    void twoHundredColumnsAreNoLongProgram() throws Exception {
        String names = IntStream.range(0, 200).mapToObj(i -> "c" + i).collect(Collectors.joining(","));
        CsvTable table = CsvTable.parse(names + "\n" + "1,".repeat(199) + "1\n");
        String sums = IntStream.range(0, 200)
                .mapToObj("sum(c%1$d), avg(c%1$d), max(c%1$d), count(DISTINCT c%1$d)"::formatted)
                .collect(Collectors.joining(","));
        Query found = Query.run("SELECT " + sums + " FROM t", 10, sandbox -> sandbox.load("t", table));
        assertThat(found.columns()).hasSize(800);
    }

    @Test
    void memoryIsBounded() {
        assumeTrue(Files.exists(Path.of("/proc/self/status")), "memory is counted on Linux only");
        for (String sql : List.of(
                NUMBERS.formatted(1_000_000, "x, randomblob(10000) AS y") + " ORDER BY y",
                NUMBERS.formatted(1_000_000, "count(DISTINCT randomblob(10000))"),
                NUMBERS.formatted(1_000_000, "json_group_array(hex(randomblob(10000)))"))) {
            assertThatThrownBy(() -> patiently(sql, 64 << 20))
                    .as(sql)
                    .hasMessageContaining("needs too much memory: more than 64 MB");
        }
    }

    @Test
    void nothingGoesToTemporaryFiles() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/fd")), "open files are seen on Linux only");
        Set<String> seen = new HashSet<>();
        try (Sandbox sandbox = Sandbox.open()) {
            sandbox.seal(() -> {
                seen.addAll(temporary());
                return false;
            });
            // More than the two megabytes that SQLite keeps before it writes.
            try (Statement statement = sandbox.connection().createStatement();
                    var result = statement.executeQuery(
                            NUMBERS.formatted(300, "x, randomblob(50000) AS y") + " ORDER BY y")) {
                assertThat(result.next()).isTrue();
                seen.addAll(temporary());
            }
        }
        assertThat(seen).isEmpty();
    }

    private static Set<String> temporary() {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.map(QueryBoundsTest::target)
                    .filter(name -> name.contains("etilqs_"))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            // Closed meanwhile.
            return "";
        }
    }

    @Test
    void aDatabaseWithAWriteAheadLogIsRead() throws Exception {
        byte[] database = database(
                "PRAGMA journal_mode = WAL", "CREATE TABLE orders (cents INTEGER)", "INSERT INTO orders VALUES (250)");
        assertThat(database[18]).as("it is one").isEqualTo((byte) 2);
        Query found = Query.run("SELECT sum(cents) FROM orders", 10, sandbox -> sandbox.load(database));
        assertThat(found.rows().getFirst()).hasToString("[250]");
        assertThat(database[18]).as("what was passed stays as it is").isEqualTo((byte) 2);
    }

    private byte[] database(String... statements) throws SQLException, IOException {
        Path file = folder.resolve("given.db");
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
        return Files.readAllBytes(file);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "instr('日本語', '語') | 3",
                "instr(x'00ff41', x'41') | 3",
                "instr('abc', 'z') | 0",
                "instr(NULL, 'z') | null",
                "replace('a-b-c', '-', '+') | \"a+b+c\"",
                "replace('abc', '', '+') | \"abc\"",
                "trim('xxaxbxx', 'x') | \"axb\"",
                "ltrim('xya', 'yx') | \"a\"",
                "rtrim('ayx', 'yx') | \"a\"",
                "trim('  a ') | \"a\"",
                "'Wheat' LIKE 'w%T' | 1",
                "'Ärger' LIKE 'ä%' | 0",
                "'100%' LIKE '%!%' ESCAPE '!' | 1",
                "'1000' LIKE '%!%' ESCAPE '!' | 0",
                "'日本' LIKE '_本' | 1",
                "'' LIKE '%' | 1",
                "'ab' LIKE 'a' | 0",
                "'abcbd' LIKE 'a%b_' | 1",
                "'a' NOT LIKE 'A' | 0",
                "'Wheat' GLOB 'w*' | 0",
                "'Wheat' GLOB 'W[a-i]e?t' | 1",
                "'Wheat' GLOB 'W[^a-i]*' | 0",
                "'a]' GLOB '*[]]' | 1",
                "'a-' GLOB 'a[x-]' | 1",
                "'a' GLOB '[a' | 0",
                "1234 LIKE '12%' | 1",
            })
    void whatIsReplacedAnswersAsSqliteDoes(String line) throws Exception {
        String expression = line.split(" \\| ", 2)[0];
        String expected = line.split(" \\| ", 2)[1];
        try (var connection = DriverManager.getConnection("jdbc:sqlite::memory:");
                Statement statement = connection.createStatement();
                var result = statement.executeQuery("SELECT json_quote(" + expression + ")")) {
            assertThat(result.getString(1)).as("in SQLite itself").isEqualTo(expected);
        }
        assertThat(ask("SELECT " + expression).rows().getFirst()).hasToString("[" + expected + "]");
    }

    @Test
    void theMedianIsThatOfEachGroup() throws Exception {
        List<String> rows = new ArrayList<>(Collections.nCopies(3, "('a', NULL)"));
        rows.addAll(List.of("('a', 4)", "('a', 1)", "('a', 7)", "('b', 2)", "('b', 3)"));
        assertThat(ask("WITH t(k, v) AS (VALUES " + String.join(", ", rows) + ") SELECT median(v) FROM t GROUP BY k")
                        .rows())
                .hasToString("[[4.0], [2.5]]");
    }
}
