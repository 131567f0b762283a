package dev.mortise.rag;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The rules of the house plan that a compiler does not hold. */
class ArchitectureTest {
    private static final JavaClasses RAG = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.mortise.rag");

    @Test
    void knowsTheCoreAndNoOtherModule() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAPackage("dev.mortise..")
                        .and(not(resideInAPackage("dev.mortise.mcp..")))
                        .and(not(resideInAPackage("dev.mortise.rag.."))))
                .orShould()
                .dependOnClassesThat(resideInAPackage("dev.mortise.mcp.internal.."))
                .check(RAG);
    }

    /** Monitors pin virtual threads on some JDKs that this runs on. */
    @Test
    void nothingIsSynchronized() {
        noMethods().should().haveModifier(JavaModifier.SYNCHRONIZED).check(RAG);
    }
}
