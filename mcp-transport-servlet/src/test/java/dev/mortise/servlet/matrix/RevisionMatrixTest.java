package dev.mortise.servlet.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.servlet.matrix.Differences.Difference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The client and the server of this library with each other, in every revision, over every transport that it has: the
 * same, but for what {@link Differences} lists. What was found is written to {@code target/revision-matrix.txt}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RevisionMatrixTest {
    private Matrix matrix = new Matrix(Map.of());

    @BeforeAll
    void runTheScript() throws Exception {
        matrix = Matrix.run();
        Files.writeString(Path.of("target", "revision-matrix.txt"), matrix.table());
    }

    private static List<Setting> settings() {
        return Setting.all();
    }

    @ParameterizedTest
    @MethodSource("settings")
    void isAsTheTableOfDifferencesSays(Setting setting) {
        Map<String, String> expected = new LinkedHashMap<>();
        Script.OPERATIONS.forEach(
                operation -> expected.put(operation.name(), Differences.expected(operation, setting)));
        assertThat(matrix.outcomes().get(setting)).containsExactlyInAnyOrderEntriesOf(expected);
    }

    /** A row that says nothing, or that another row hides, could not fail above. */
    @Test
    void everyDifferenceIsOne() {
        for (Difference row : Differences.ALL) {
            assertThat(Script.OPERATIONS).as(row.toString()).anySatisfy(operation -> {
                assertThat(operation.name()).isEqualTo(row.operation());
                assertThat(operation.expected()).isNotEqualTo(row.outcome());
            });
            assertThat(row.versions())
                    .as(row.toString())
                    .isNotEmpty()
                    .allSatisfy(version -> assertThat(Differences.ALL)
                            .filteredOn(other -> other.operation().equals(row.operation())
                                    && other.versions().contains(version))
                            .hasSize(1));
        }
    }

    @Test
    void everyOperationHasANameOfItsOwn() {
        assertThat(Script.OPERATIONS).extracting(Operation::name).doesNotHaveDuplicates();
    }

    @Test
    void everyRevisionIsThereOverEveryTransportThatItHas() {
        assertThat(settings()).hasSize(15);
    }
}
