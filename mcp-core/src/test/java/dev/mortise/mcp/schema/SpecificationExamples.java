package dev.mortise.mcp.schema;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mortise.mcp.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** The example messages of the specification; they stand beside the project and are not a part of it. */
final class SpecificationExamples {
    private SpecificationExamples() {}

    /** One example: the name of its type, the name of its file and what stands in it. */
    record Example(String type, String file, ObjectNode json) {}

    /** All examples; the calling test is skipped, with a message that says why, where they are not there. */
    static List<Example> all() throws IOException {
        Path folder = projectRoot().resolveSibling("shared").resolve("specvectors");
        assumeTrue(
                Files.isDirectory(folder),
                () -> "NOT CHECKED against the examples of the specification: there is no folder " + folder);
        return Files.readAllLines(folder.resolve("pairs.tsv")).stream()
                .map(line -> line.split("\t", -1))
                .map(pair -> new Example(pair[0], pair[1], read(folder.resolve(pair[1]))))
                .toList();
    }

    private static ObjectNode read(Path file) {
        try {
            return (ObjectNode) Json.read(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Json.InvalidJson e) {
            throw new AssertionError(file + ": " + e.getMessage(), e);
        }
    }

    private static Path projectRoot() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.isRegularFile(folder.resolve("mcp-core").resolve("pom.xml"))) {
                return folder;
            }
        }
        throw new AssertionError("the tests run outside the project");
    }
}
