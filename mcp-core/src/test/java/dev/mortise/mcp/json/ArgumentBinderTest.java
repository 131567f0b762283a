package dev.mortise.mcp.json;

import static dev.mortise.mcp.json.JsonSchemaTest.parse;
import static dev.mortise.mcp.json.JsonSchemaTest.quoted;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class ArgumentBinderTest {
    public record Filter(String name, @DefaultValue("eq") String op) {}

    public record Search(
            String query,
            @DefaultValue("10") int rows,
            Optional<String> after,
            OptionalInt limit,
            @Nullable String note,
            @DefaultValue("[{\"name\": \"all\"}]") List<Filter> filters,
            Optional<Map<String, Filter>> named) {}

    private static final ArgumentBinder<Search> SEARCH = ArgumentBinder.of(Search.class);

    @Test
    void fillsInWhatIsAbsent() {
        assertThat(SEARCH.bind(json("{'query':'a'}"))).isEqualTo(found("a", 10, List.of(new Filter("all", "eq"))));
    }

    @Test
    void aNullThatMeansNothingIsTakenAsNothing() {
        assertThat(SEARCH.bind(json(
                        "{'query':'a','rows':null,'after':null,'limit':null,'note':null,'filters':null,'named':null}")))
                .isEqualTo(found("a", 10, List.of(new Filter("all", "eq"))));
    }

    @Test
    void completesNestedObjects() {
        assertThat(SEARCH.bind(json("{'query':'a','filters':[{'name':'x','op':null},{'name':'y','op':'lt'}],"
                        + "'named':{'k':{'name':'z'}}}")))
                .isEqualTo(new Bound.Value<>(new Search(
                        "a",
                        10,
                        Optional.empty(),
                        OptionalInt.empty(),
                        null,
                        List.of(new Filter("x", "eq"), new Filter("y", "lt")),
                        Optional.of(Map.of("k", new Filter("z", "eq"))))));
    }

    @Test
    void aNullWhereAValueIsNeededIsReported() {
        assertThat(SEARCH.bind(json("{'query':null}")))
                .isEqualTo(new Bound.Invalid<>(List.of(new Violation("/query", "must be string, not null"))));
    }

    @Test
    void aNullThatTheSchemaAllowsIsKept() {
        var binder = ArgumentBinder.of(
                new TypeReference<Map<String, Object>>() {},
                parse("{'properties':{'a':{'type':['string','null']},'b':{},'c':{'enum':[1,null]},"
                        + "'d':{'anyOf':[{'type':'null'},{'type':'string'}]},'e':{'$ref':'#/properties/a'},"
                        + "'x':{'type':'string'},'y':{'enum':['n']},'z':{'const':1}}}"));
        assertThat(binder.bind(json("{'a':null,'b':null,'c':null,'d':null,'e':null,'x':null,'y':null,'z':null}")))
                .extracting(bound ->
                        ((Bound.Value<Map<String, Object>>) bound).value().keySet())
                .isEqualTo(Set.of("a", "b", "c", "d", "e"));
    }

    @Test
    void noArgumentsAreNone() {
        ArgumentBinder<Filters> binder = ArgumentBinder.of(Filters.class);
        assertThat(binder.bind(null)).isEqualTo(new Bound.Value<>(new Filters(Optional.empty())));
        assertThat(binder.bind(json("null"))).isEqualTo(new Bound.Value<>(new Filters(Optional.empty())));
        assertThat(SEARCH.bind(null))
                .isEqualTo(new Bound.Invalid<>(List.of(new Violation("", "lacks the required property 'query'"))));
        assertThat(SEARCH.bind(json("[1]"))).isInstanceOf(Bound.Invalid.class);
    }

    public record Filters(Optional<Filter> one) {}

    @Property(tries = 200)
    void neverChangesWhatItIsGiven(@ForAll @IntRange(max = 7) int shape, @ForAll String text) {
        JsonNode arguments = json("{'query':'a','filters':[{'name':'x'},{'name':'y','op':null}],'note':null}");
        ((ObjectNode) arguments).put("after", text);
        if ((shape & 1) == 0) {
            ((ObjectNode) arguments).remove("filters");
        }
        JsonNode before = arguments.deepCopy();
        assertThat(SEARCH.bind(arguments)).isInstanceOf(Bound.Value.class);
        assertThat(arguments).isEqualTo(before);
    }

    @Test
    void defaultsAreNotSharedBetweenCalls() {
        ArgumentBinder<JsonNode> binder =
                ArgumentBinder.of(JsonNode.class, parse("{'properties':{'a':{'default':{'b':1}}}}"));
        var first = (Bound.Value<JsonNode>) binder.bind(null);
        ((ObjectNode) first.value().path("a")).put("b", 2);
        assertThat(binder.bind(null)).isEqualTo(new Bound.Value<>(json("{'a':{'b':1}}")));
        assertThat(binder.schema().node().at("/properties/a/default/b")).isEqualTo(json("1"));
    }

    public record Strict(int even, Optional<Inner> inner) {
        public Strict {
            if (even % 2 != 0) {
                throw new IllegalArgumentException("even must be even");
            }
        }
    }

    public record Inner(String color, @DefaultValue("0") int index) {
        public Inner {
            if (!color.isEmpty()) {
                Enum.valueOf(Thread.State.class, color);
            }
            if (index > 0) {
                throw new IllegalStateException(Inner.class + " is broken");
            }
            if (index < 0) {
                Integer.parseInt("secret");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'even':1}||is not acceptable: even must be even",
                "{'even':99999999999}|/even|is a number outside the range that is possible here",
                "{'even':1e300}|/even|is a number outside the range that is possible here",
                "{'even':2,'inner':{'color':'PINK'}}|/inner|is not acceptable",
                "{'even':2,'inner':{'color':'','index':1}}|/inner|is not acceptable",
                "{'even':2,'inner':{'color':'','index':-1}}|/inner|is not acceptable",
            })
    void onlyTheAuthorsOwnWordsArePassedOn(String arguments, String path, String message) {
        assertThat(ArgumentBinder.of(Strict.class).bind(json(arguments)))
                .isEqualTo(new Bound.Invalid<>(List.of(new Violation(path == null ? "" : path, message))));
    }

    public record Loose(Instant at, UUID id, int count) {}

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'at':'soon'}|/at|must be a date and time with an offset, such as 2026-01-31T12:00:00Z",
                "{'id':'me'}|/id|must be a UUID of 36 characters",
                "{'count':'many'}|/count|has a value that cannot be used here",
                "{'count':[{}]}|/count|has a value that cannot be used here",
            })
    void whatTheSchemaLetsThroughAndJavaDoesNotTakeNamesNoClass(String arguments, String path, String message) {
        assertThat(ArgumentBinder.of(Loose.class, parse("{}")).bind(json(arguments)))
                .isEqualTo(new Bound.Invalid<>(List.of(new Violation(path, message))));
    }

    private static Bound<Search> found(String query, int rows, List<Filter> filters) {
        return new Bound.Value<>(
                new Search(query, rows, Optional.empty(), OptionalInt.empty(), null, filters, Optional.empty()));
    }

    private static JsonNode json(String text) {
        return Json.parse(quoted(text));
    }
}
