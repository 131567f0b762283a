package dev.mortise.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolvedModule;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The library on a module path: its descriptors resolve, and what is internal stays inside. */
class ModulePathTest {
    private static final Set<String> NEEDED = Set.of(
            "mcp-core",
            "mcp-transport-servlet",
            "jackson",
            "json-schema",
            "jsonschema",
            "classmate",
            "slf4j-api",
            "jspecify",
            "jakarta.servlet-api",
            "itu");

    @Test
    void itsModulesResolveAndNothingInternalIsExported() {
        Path[] path = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> NEEDED.stream().anyMatch(entry::contains) && !entry.contains("test-classes"))
                .map(Path::of)
                .toArray(Path[]::new);

        Configuration modules = ModuleLayer.boot()
                .configuration()
                .resolve(ModuleFinder.of(path), ModuleFinder.of(), Set.of("dev.mortise.servlet"));

        List<ResolvedModule> own = modules.modules().stream()
                .filter(module -> module.name().startsWith("dev.mortise"))
                .toList();
        assertThat(own).extracting(ResolvedModule::name).contains("dev.mortise.mcp", "dev.mortise.servlet");
        assertThat(own)
                .allSatisfy(module -> assertThat(module.reference().descriptor().exports())
                        .allSatisfy(exports -> assertThat(exports.source()).doesNotContain("internal")));
    }
}
