package dev.mortise.billing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.billing.store.JdbcLedgerStore;
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
import org.sqlite.SQLiteDataSource;

/** On a module path, and without the provider's library that is optional: the core finds the migrations in the module. */
class ModulePathTest {
    private static final List<String> NEEDED = List.of(
            "mcp-core",
            "mcp-billing",
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
    void opensALedgerOnAModulePath() throws Exception {
        Path[] path = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(Path::of)
                .filter(Files::exists)
                .filter(ModulePathTest::isNeeded)
                .toArray(Path[]::new);
        Configuration configuration = ModuleLayer.boot()
                .configuration()
                .resolve(ModuleFinder.of(path), ModuleFinder.of(), Set.of("dev.mortise.billing"));
        assertThat(configuration.findModule("com.stripe")).isEmpty();
        ModuleLayer layer = ModuleLayer.defineModulesWithOneLoader(
                        configuration, List.of(ModuleLayer.boot()), ClassLoader.getPlatformClassLoader())
                .layer();
        Module module = layer.findModule("dev.mortise.billing").orElseThrow();
        Class<?> stores = Class.forName(module, JdbcLedgerStore.class.getName());
        assertThat(stores).isNotSameAs(JdbcLedgerStore.class);
        SQLiteDataSource database = new SQLiteDataSource();
        database.setUrl("jdbc:sqlite::memory:");
        Object setup = stores.getMethod("in", DataSource.class).invoke(null, database);
        assertThat((String) setup.getClass().getMethod("script").invoke(setup)).contains("CREATE TABLE ledger_entry");
    }

    private static boolean isNeeded(Path entry) {
        String name = entry.toString();
        return !name.endsWith("test-classes")
                && !name.endsWith("-tests.jar")
                && NEEDED.stream().anyMatch(name::contains);
    }
}
