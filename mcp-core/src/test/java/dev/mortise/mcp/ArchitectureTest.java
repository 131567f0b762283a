package dev.mortise.mcp;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.targetOwner;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.core.domain.JavaModifier.SYNCHRONIZED;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of the house plan that a compiler does not hold. */
class ArchitectureTest {
    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.mortise.mcp");

    @Test
    void coreKnowsNoOtherModule() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAPackage("dev.mortise..").and(not(resideInAPackage("dev.mortise.mcp.."))))
                .check(CORE);
    }

    @Test
    void wireValuesKnowNothingOfWhoServesThem() {
        classes()
                .that()
                .resideInAPackage("dev.mortise.mcp.schema")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.mortise.mcp.schema",
                        "dev.mortise.mcp.json",
                        "dev.mortise.mcp.jsonrpc",
                        "java..",
                        "tools.jackson..",
                        "com.fasterxml.jackson.annotation",
                        "org.jspecify..")
                .check(CORE);
    }

    @Test
    void onlyTheEraSeamAsksForTheVersion() throws Exception {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.mortise.mcp.internal.era", "dev.mortise.mcp.internal.client.era")
                .and(not(belongToAnyOf(ProtocolVersion.class)))
                .should()
                .accessTargetWhere(targetOwner(belongToAnyOf(ProtocolVersion.class)))
                .check(CORE);
        assertThat(sources("\"20\\d\\d-\\d\\d-\\d\\d\"")).containsExactly("ProtocolVersion.java");
    }

    /** Handlers may print; the library must not, and least of all where standard output is the wire. */
    @Test
    void nothingPrints() {
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CORE.that(not(simpleName("StandardStreams"))));
        NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(CORE);
    }

    /** Monitors pin virtual threads on some JDKs that this runs on. */
    @Test
    void nothingIsSynchronized() throws Exception {
        noMethods().should().haveModifier(SYNCHRONIZED).check(CORE);
        assertThat(sources("\\bsynchronized\\s*\\(")).isEmpty();
    }

    @Test
    void whatIsInternalIsNotExported() throws Exception {
        ModuleDescriptor module = ModuleFinder.of(compiled())
                .find("dev.mortise.mcp")
                .orElseThrow()
                .descriptor();
        assertThat(module.exports())
                .extracting(ModuleDescriptor.Exports::source)
                .isNotEmpty()
                .noneMatch(name -> name.contains("internal"));
        assertThat(CORE.stream().map(JavaClass::getPackageName))
                .allMatch(name -> module.packages().contains(name));
    }

    private static Path compiled() throws URISyntaxException {
        return Path.of(McpServer.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    }

    /** The names of the source files in which a pattern occurs. */
    private static List<String> sources(String regex) throws IOException {
        Pattern pattern = Pattern.compile(regex);
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> pattern.matcher(read(file)).find())
                    .map(file -> file.getFileName().toString())
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
