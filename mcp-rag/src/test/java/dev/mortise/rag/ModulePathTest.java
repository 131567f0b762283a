package dev.mortise.rag;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.rag.store.postgres.PostgresChunkStore;
import dev.mortise.rag.store.postgres.RagHome;
import java.io.File;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a module path, without anything that is optional. */
class ModulePathTest {
    private static final List<String> NEEDED = List.of(
            "mcp-core",
            "mcp-rag",
            "caffeine",
            "jackson",
            "slf4j-api",
            "jspecify",
            "lucene",
            "commonmark",
            "jsoup",
            "classmate",
            "json-schema-validator",
            "jsonschema-generator",
            "failsafe",
            "itu");

    @TempDir
    private Path folder;

    @Test
    void storesInLuceneAndPostgres() throws Exception {
        Path[] path = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(Path::of)
                .filter(Files::exists)
                .filter(ModulePathTest::isNeeded)
                .toArray(Path[]::new);
        Configuration configuration = ModuleLayer.boot()
                .configuration()
                .resolve(ModuleFinder.of(path), ModuleFinder.of(), Set.of("dev.mortise.rag"));
        ModuleLayer layer = ModuleLayer.defineModulesWithOneLoader(
                        configuration, List.of(ModuleLayer.boot()), ClassLoader.getPlatformClassLoader())
                .layer();
        Module module = layer.findModule("dev.mortise.rag").orElseThrow();
        Class<?> base = Class.forName(module, KnowledgeBase.class.getName());
        assertThat(base).isNotNull().isNotSameAs(KnowledgeBase.class);
        // The codec of the index is found as a service.
        try (AutoCloseable opened =
                (AutoCloseable) base.getMethod("inFolder", Path.class).invoke(null, folder.resolve("index"))) {
            assertThat(opened).isInstanceOf(base);
        }
        // The migrations are read by another module.
        Class<?> store = Class.forName(module, PostgresChunkStore.class.getName());
        try (RagHome home = RagHome.postgres()) {
            Object builder = store.getMethod("over", DataSource.class).invoke(null, home.dataSource());
            builder.getClass().getMethod("schema", String.class).invoke(builder, home.schema);
            try (AutoCloseable opened =
                    (AutoCloseable) builder.getClass().getMethod("migrate").invoke(builder)) {
                assertThat(opened).isInstanceOf(store);
            }
        }
    }

    private static boolean isNeeded(Path entry) {
        String name = entry.toString();
        return !name.endsWith("test-classes")
                && !name.endsWith("-tests.jar")
                && NEEDED.stream().anyMatch(name::contains);
    }
}
