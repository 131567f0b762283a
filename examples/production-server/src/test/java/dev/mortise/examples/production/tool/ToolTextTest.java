package dev.mortise.examples.production.tool;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import dev.mortise.mcp.call.Language;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each text of a tool is there in both languages, with the same places, and gets as many values wherever it is said. */
class ToolTextTest {
    private static final Pattern PLACE = Pattern.compile("%(?:(\\d)\\$)?(.)");
    private static final Pattern HAN = Pattern.compile("\\p{IsHan}");
    private static final Pattern ENGLISH = Pattern.compile("\\b[a-z]{2,} [a-z]{2,} [a-z]{2,}\\b");
    private static final Path SOURCES = Path.of("src/main/java");

    @ParameterizedTest
    @EnumSource
    void bothLanguagesHaveTheSamePlaces(ToolText text) {
        Set<Integer> places = places(text, Language.ENGLISH);
        assertThat(places(text, Language.CHINESE)).isEqualTo(places);
        assertThat(places)
                .as("none is left out")
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, places.size()).boxed().toList());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AS_SAID")
    void eachIsInItsLanguage(ToolText text) {
        assertThat(text.template(Language.ENGLISH)).doesNotContainPattern(HAN);
        assertThat(text.template(Language.CHINESE)).containsPattern(HAN).doesNotContainPattern(ENGLISH);
    }

    @Test
    void aTextAmongTheValuesIsPutInTheSameLanguage() {
        CannotAnswer told = new CannotAnswer(ToolText.OTHER_QUANTITY, "mi", ToolText.LENGTH, "kg", ToolText.MASS);
        assertThat(told).hasMessage("mi measures length, but kg measures mass.");
        assertThat(told.in(Language.CHINESE)).isEqualTo("mi 是长度单位，而 kg 是质量单位。");
    }

    @Test
    void eachGetsAsManyValuesAsItHasPlaces() throws IOException {
        SoftAssertions all = new SoftAssertions();
        Set<ToolText> said = EnumSet.noneOf(ToolText.class);
        for (CompilationUnitTree file : parsed()) {
            new TreeScanner<@Nullable Void, @Nullable Void>() {
                @Override
                public @Nullable Void visitNewClass(NewClassTree node, @Nullable Void none) {
                    if (node.getIdentifier().toString().equals("CannotAnswer")) {
                        List<? extends ExpressionTree> values = node.getArguments();
                        says(named(values.getFirst()), values.size() - 1, node);
                    }
                    return super.visitNewClass(node, none);
                }

                @Override
                public @Nullable Void visitMethodInvocation(MethodInvocationTree node, @Nullable Void none) {
                    if (node.getMethodSelect() instanceof MemberSelectTree method
                            && method.getIdentifier().contentEquals("in")
                            && named(method.getExpression()) != null) {
                        says(named(method.getExpression()), node.getArguments().size() - 1, node);
                    }
                    return super.visitMethodInvocation(node, none);
                }

                private void says(@Nullable ToolText text, int values, Object node) {
                    all.assertThat(text)
                            .as("the text is named where it is said: " + node)
                            .isNotNull();
                    if (text != null) {
                        said.add(text);
                        all.assertThat(values)
                                .as(node.toString())
                                .isEqualTo(places(text, Language.ENGLISH).size());
                    }
                }
            }.scan(file, null);
        }
        all.assertAll();
        assertThat(said).as("texts that were found").hasSizeGreaterThan(70);
    }

    @Test
    void noneIsLeftOver() throws IOException {
        StringBuilder sources = new StringBuilder();
        for (Path file : sources()) {
            sources.append(Files.readString(file));
        }
        String quantities = Files.readString(SOURCES.resolve("dev/mortise/examples/production/time/Quantity.java"));
        assertThat(ToolText.values())
                .allSatisfy(text -> assertThat(
                                sources.indexOf("ToolText." + text) > 0 || quantities.contains("    " + text + "(\""))
                        .as(text + " is said somewhere")
                        .isTrue());
    }

    private static Set<Integer> places(ToolText text, Language language) {
        Set<Integer> places = new TreeSet<>();
        int next = 1;
        for (var place : PLACE.matcher(text.template(language)).results().toList()) {
            if (place.group(2).equals("%")) {
                continue;
            }
            assertThat(place.group(2).toLowerCase(Locale.ROOT)).as("%s or %1$s").matches("[s$]");
            places.add(place.group(1) == null ? next++ : Integer.parseInt(place.group(1)));
        }
        return places;
    }

    /** The text that an expression names; {@code null} if it is no name of one. */
    private static @Nullable ToolText named(ExpressionTree expression) {
        return expression instanceof MemberSelectTree name
                        && name.getExpression() instanceof IdentifierTree type
                        && type.getName().contentEquals("ToolText")
                ? ToolText.valueOf(name.getIdentifier().toString())
                : null;
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("ToolText.java"))
                    .toList();
        }
    }

    private static Iterable<? extends CompilationUnitTree> parsed() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        var files = compiler.getStandardFileManager(null, null, null).getJavaFileObjectsFromPaths(sources());
        return ((JavacTask) compiler.getTask(null, null, null, null, null, files)).parse();
    }
}
