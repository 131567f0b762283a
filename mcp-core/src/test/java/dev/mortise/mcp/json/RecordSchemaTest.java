package dev.mortise.mcp.json;

import static dev.mortise.mcp.json.JsonSchemaTest.quoted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

class RecordSchemaTest {
    public record None() {}

    @Test
    void aRecordWithoutComponentsAcceptsTheEmptyObjectOnly() {
        assertThat(JsonSchema.generate(None.class)).hasToString("{\"type\":\"object\",\"additionalProperties\":false}");
    }

    public enum Color {
        @JsonProperty("red")
        RED,
        BLUE
    }

    public record Scalars(
            String text,
            int whole,
            @JsonProperty("a_number") Double number,
            BigDecimal decimal,
            boolean flag,
            Color color,
            LocalDate day,
            Instant moment,
            Duration duration,
            UUID id,
            URI link,
            JsonNode any) {}

    @Test
    void scalarsHaveTheTypesAndNamesJacksonGivesThemInDeclarationOrder() {
        assertThat(JsonSchema.generate(Scalars.class))
                .hasToString(quoted("{'type':'object','properties':{"
                        + "'text':{'type':'string'},'whole':{'type':'integer'},'a_number':{'type':'number'},"
                        + "'decimal':{'type':'number'},'flag':{'type':'boolean'},"
                        + "'color':{'type':'string','enum':['red','BLUE']},'day':{'type':'string','format':'date'},"
                        + "'moment':{'type':'string','format':'date-time'},"
                        + "'duration':{'type':'string','format':'duration'},'id':{'type':'string','format':'uuid'},"
                        + "'link':{'type':'string','format':'uri'},'any':{}},"
                        + "'required':['text','whole','a_number','decimal','flag','color','day','moment','duration','id',"
                        + "'link','any'],'additionalProperties':false}"));
    }

    public record Optionals(
            Optional<String> maybe,
            OptionalInt count,
            @Nullable String nullable,
            @DefaultValue("7") int seven,
            String needed) {}

    @Test
    void onlyWhatMustBeThereIsRequired() {
        assertThat(JsonSchema.generate(Optionals.class))
                .hasToString(
                        quoted("{'type':'object','properties':{'maybe':{'type':'string'},'count':{'type':'integer'},"
                                + "'nullable':{'type':'string'},'seven':{'type':'integer','default':7},"
                                + "'needed':{'type':'string'}},'required':['needed'],'additionalProperties':false}"));
    }

    public record Containers(
            List<String> list, Set<Color> set, Map<String, Integer> map, double[] array, List<List<None>> nested) {}

    @Test
    void containersDescribeWhatIsInside() {
        assertThat(properties(Containers.class)).isEqualTo(Json.parse("""
                        {"list":{"type":"array","items":{"type":"string"}},
                         "set":{"type":"array","uniqueItems":true,"items":{"type":"string","enum":["red","BLUE"]}},
                         "map":{"type":"object","additionalProperties":{"type":"integer"}},
                         "array":{"type":"array","items":{"type":"number"}},
                         "nested":{"type":"array","items":{"type":"array",
                           "items":{"type":"object","additionalProperties":false}}}}"""));
    }

    @Description("Rows to find")
    @Title("Search")
    public record Annotated(
            @Description("What to look for")
            @Title("Query")
            @Length(min = 1, max = 9)
            @Matches("^[a-z]+$")
            @McpHeader("Query")
            String query,

            @Bounds(min = 1, max = 100) @DefaultValue("10") int rows,
            @Bounds(max = 0.5) double ratio,
            @Length(min = 1, max = 3) List<String> tags,
            @Format("email") Optional<String> email,
            @DefaultValue("red") Color color,
            @DefaultValue("[\"a\"]") List<String> names) {}

    @Test
    void annotationsBecomeKeywords() {
        JsonNode schema = JsonSchema.generate(Annotated.class).node();
        assertThat(schema.path("title")).isEqualTo(Json.tree("Search"));
        assertThat(schema.path("description")).isEqualTo(Json.tree("Rows to find"));
        assertThat(properties(Annotated.class)).isEqualTo(Json.parse("""
                        {"query":{"type":"string","title":"Query","description":"What to look for","minLength":1,
                           "maxLength":9,"pattern":"^[a-z]+$","x-mcp-header":"Query"},
                         "rows":{"type":"integer","minimum":1,"maximum":100,"default":10},
                         "ratio":{"type":"number","maximum":0.5},
                         "tags":{"type":"array","minItems":1,"maxItems":3,"items":{"type":"string"}},
                         "email":{"type":"string","format":"email"},
                         "color":{"type":"string","enum":["red","BLUE"],"default":"red"},
                         "names":{"type":"array","default":["a"],"items":{"type":"string"}}}"""));
    }

    public record Tree(
            String name, List<Tree> children, @Nullable Tree next) {}

    public record Forest(Tree first, Tree second) {}

    @Test
    void typesThatReferToThemselvesGoThroughReferences() {
        JsonSchema forest = JsonSchema.generate(Forest.class);
        assertThat(forest.node().path("$defs").propertyNames()).containsExactly("Tree");
        JsonNode bad = Json.parse(quoted("{'first':{'name':'a','children':[{'name':1,'children':[]}]},"
                + "'second':{'name':'b','children':[],'next':{'name':'c'}}}"));
        assertThat(forest.validate(bad))
                .extracting(Violation::path)
                .containsExactlyInAnyOrder("/first/children/0/name", "/second/next");
        assertThat(JsonSchema.generate(Tree.class).validate(bad.path("first"))).hasSize(1);
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    public sealed interface Shape permits Circle, Square {}

    @JsonTypeName("circle")
    public record Circle(double radius) implements Shape {}

    @JsonTypeName("square")
    public record Square(double side) implements Shape {}

    public record Drawing(List<Shape> shapes, Circle frame) {}

    @Test
    void aSealedInterfaceIsOneOfItsRecordsByName() {
        ArgumentBinder<Drawing> binder = ArgumentBinder.of(Drawing.class);
        JsonNode good = Json.parse(quoted("{'shapes':[{'kind':'square','side':2},{'kind':'circle','radius':1}],"
                + "'frame':{'kind':'circle','radius':9}}"));
        assertThat(binder.bind(good))
                .isEqualTo(new Bound.Value<>(new Drawing(List.of(new Square(2), new Circle(1)), new Circle(9))));
        JsonNode written = Json.tree(new Drawing(List.of(new Square(2), new Circle(1)), new Circle(9)));
        assertThat(binder.schema().validate(written)).isEmpty();
        assertThat(binder.bind(Json.parse(quoted("{'shapes':[{'kind':'triangle'}],'frame':{'radius':9}}"))))
                .isInstanceOf(Bound.Invalid.class);
    }

    public record Page<T>(List<T> rows, int total) {}

    @Test
    void genericRecordsAreResolved() {
        JsonSchema schema = JsonSchema.generate(new TypeReference<Page<Circle>>() {}.getType());
        assertThat(schema.node().at("/properties/rows/items/properties/kind/const"))
                .isEqualTo(Json.tree("circle"));
    }

    @Test
    void formatsOfAGeneratedSchemaAreChecked() {
        JsonSchema schema = JsonSchema.generate(Dated.class);
        assertThat(schema.validate(Json.parse("{\"day\": \"2026-01-31\"}"))).isEmpty();
        assertThat(schema.validate(Json.parse("{\"day\": \"tomorrow\"}")))
                .containsExactly(new Violation("/day", "must be in the format 'date'"));
    }

    public record Dated(LocalDate day) {}

    @Test
    void theSameTypeGivesTheSameTextEveryTime() {
        assertThat(JsonSchema.generate(Annotated.class))
                .hasToString(JsonSchema.generate(Annotated.class).toString());
    }

    public record BoundedText(@Bounds(min = 1) String bad) {}

    public record LongNumber(@Length(min = 1) int bad) {}

    public record NegativeLength(@Length(min = -1) String bad) {}

    public record CrossedBounds(@Bounds(min = 2, max = 1) int bad) {}

    public record MatchedNumber(@Matches("a") int bad) {}

    public record BrokenPattern(@Matches("(") String bad) {}

    public record UnknownFormat(@Format("zip") String bad) {}

    public record FractionalHeader(@McpHeader("Bad") double bad) {}

    public record BrokenDefault(@DefaultValue("ten") int bad) {}

    public record WrongDefault(
            @Bounds(max = 5) @DefaultValue("10") int bad) {}

    public record UnknownConstant(@DefaultValue("green") Color bad) {}

    public record NestedWrong(List<BoundedText> rows) {}

    public record UnknownType(Date bad) {}

    public record OptionalInside(List<Optional<String>> bad) {}

    public record NumberedMap(Map<Integer, String> bad) {}

    public record UntaggedUnion(Untagged bad) {}

    public sealed interface Untagged permits Member {}

    public record Member() implements Untagged {}

    public enum Numbered {
        ONE;

        @JsonValue
        public int number() {
            return 1;
        }
    }

    public record NumberedEnum(Numbered bad) {}

    @ParameterizedTest
    @ValueSource(
            classes = {
                BoundedText.class,
                LongNumber.class,
                NegativeLength.class,
                CrossedBounds.class,
                MatchedNumber.class,
                BrokenPattern.class,
                UnknownFormat.class,
                FractionalHeader.class,
                BrokenDefault.class,
                WrongDefault.class,
                UnknownConstant.class,
                UnknownType.class,
                OptionalInside.class,
                NumberedMap.class,
            })
    void whatCannotBeExpressedIsRefusedByRecordAndComponent(Class<?> type) {
        assertThatThrownBy(() -> JsonSchema.generate(type))
                .isInstanceOf(InvalidSchema.class)
                .hasMessageContaining("'bad'")
                .hasMessageContaining(type.getSimpleName());
    }

    @Test
    void mistakesInNestedRecordsAreFoundToo() {
        assertThatThrownBy(() -> JsonSchema.generate(NestedWrong.class))
                .isInstanceOf(InvalidSchema.class)
                .hasMessageContaining("'bad' of BoundedText");
        assertThatThrownBy(() -> JsonSchema.generate(UntaggedUnion.class))
                .isInstanceOf(InvalidSchema.class)
                .hasMessageContaining("@JsonTypeInfo");
        assertThatThrownBy(() -> JsonSchema.generate(NumberedEnum.class))
                .isInstanceOf(InvalidSchema.class)
                .hasMessageContaining("Numbered.ONE");
    }

    @ParameterizedTest
    @ValueSource(classes = {String.class, Collection.class, Object.class, Color.class, int.class})
    void onlyRecordsAndMapsAreObjects(Class<?> type) {
        assertThatThrownBy(() -> JsonSchema.generate(type))
                .isInstanceOf(InvalidSchema.class)
                .hasMessageContaining("is not a record");
    }

    private static JsonNode properties(Class<?> type) {
        return JsonSchema.generate(type).node().path("properties");
    }
}
