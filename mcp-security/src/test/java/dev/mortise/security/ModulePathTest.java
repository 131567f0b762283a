package dev.mortise.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.security.token.Jose;
import dev.mortise.security.token.KeySource;
import java.io.File;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** jjwt has no module names of its own: the module finds it on a module path all the same, and its implementation. */
class ModulePathTest {
    private static final List<String> NEEDED = List.of(
            "mcp-core",
            "mcp-security",
            "jjwt",
            "caffeine",
            "jackson",
            "slf4j-api",
            "jspecify",
            "classmate",
            "json-schema-validator",
            "jsonschema-generator",
            "failsafe",
            "itu");

    @Test
    void verifiesOnAModulePath() throws Exception {
        Path[] path = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(Path::of)
                .filter(Files::exists)
                .filter(ModulePathTest::isNeeded)
                .toArray(Path[]::new);
        Configuration configuration = ModuleLayer.boot()
                .configuration()
                .resolve(ModuleFinder.of(path), ModuleFinder.of(), Set.of("dev.mortise.security"));
        ModuleLayer layer = ModuleLayer.defineModulesWithOneLoader(
                        configuration, List.of(ModuleLayer.boot()), ClassLoader.getPlatformClassLoader())
                .layer();
        Class<?> source =
                Class.forName(layer.findModule("dev.mortise.security").orElseThrow(), KeySource.class.getName());
        assertThat(source).isNotSameAs(KeySource.class);
        // jjwt looks for its implementation with this loader first, which on a module path is that of the modules.
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(layer.findLoader("dev.mortise.security"));
        try {
            // Makes a parser of jjwt for each algorithm.
            Object made = source.getMethod("key", PublicKey.class)
                    .invoke(null, Jose.rsa().getPublic());
            assertThat(made).isInstanceOf(source);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private static boolean isNeeded(Path entry) {
        String name = entry.toString();
        return !name.endsWith("test-classes")
                && !name.endsWith("-tests.jar")
                && NEEDED.stream().anyMatch(name::contains);
    }
}
