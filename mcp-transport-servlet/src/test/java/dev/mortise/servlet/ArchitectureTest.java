package dev.mortise.servlet;

import static com.tngtech.archunit.core.domain.JavaModifier.SYNCHRONIZED;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses SERVLET = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.mortise.servlet");

    /** The rules of HTTP live in the core; this module only adapts, by what the core exports. */
    @Test
    void onlyAdaptsByWhatTheCoreExports() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.mortise.servlet",
                        "dev.mortise.mcp",
                        "dev.mortise.mcp.http",
                        "dev.mortise.mcp.transport",
                        "jakarta.servlet..",
                        "java..",
                        "org.slf4j",
                        "org.jspecify..")
                .check(SERVLET);
    }

    @Test
    void neitherPrintsNorSynchronizes() {
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(SERVLET);
        NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(SERVLET);
        noMethods().should().haveModifier(SYNCHRONIZED).check(SERVLET);
    }
}
