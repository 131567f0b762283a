package dev.mortise.mcp.json;

import static dev.mortise.mcp.json.JsonSchemaTest.quoted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormSchemaTest {
    public enum Size {
        SMALL,
        LARGE
    }

    public enum Color {
        @Title("Dark red")
        @JsonProperty("#800000")
        RED,
        @JsonProperty("#0000FF")
        BLUE
    }

    @Description("An order")
    public record Order(
            @Title("Name") @Description("Who orders") @Length(min = 1, max = 50)
            String name,

            @Format("email") String email,
            LocalDate day,
            Optional<Instant> at,
            UUID reference,
            @Bounds(min = 1, max = 9) @DefaultValue("1") int count,
            Optional<Double> weight,
            @DefaultValue("false") boolean gift,
            Size size,
            @DefaultValue("#0000FF") Color color,
            @Length(min = 1, max = 2) List<Size> sizes,
            Optional<Set<Color>> colors) {}

    private static final FormSchema<Order> ORDER = FormSchema.of(Order.class);

    @Test
    void saysWhatElicitationAllowsAndNothingElse() {
        assertThat(ORDER.node()).isEqualTo(Json.parse("""
                                {"type":"object","properties":{
                                  "name":{"type":"string","title":"Name","description":"Who orders","minLength":1,"maxLength":50},
                                  "email":{"type":"string","format":"email"},
                                  "day":{"type":"string","format":"date"},
                                  "at":{"type":"string","format":"date-time"},
                                  "reference":{"type":"string"},
                                  "count":{"type":"integer","minimum":1,"maximum":9,"default":1},
                                  "weight":{"type":"number"},
                                  "gift":{"type":"boolean","default":false},
                                  "size":{"type":"string","enum":["SMALL","LARGE"]},
                                  "color":{"type":"string","default":"#0000FF","oneOf":[
                                    {"const":"#800000","title":"Dark red"},{"const":"#0000FF","title":"#0000FF"}]},
                                  "sizes":{"type":"array","minItems":1,"maxItems":2,
                                    "items":{"type":"string","enum":["SMALL","LARGE"]}},
                                  "colors":{"type":"array","items":{"anyOf":[
                                    {"const":"#800000","title":"Dark red"},{"const":"#0000FF","title":"#0000FF"}]}}},
                                 "required":["name","email","day","reference","size","sizes"]}"""));
        assertThat(Json.tree(ORDER)).isEqualTo(ORDER.node());
    }

    @Test
    void bindsWhatComesBack() {
        assertThat(ORDER.bind(Json.parse(quoted("{'name':'Ada','email':'ada@example.com','day':'2026-01-31','at':null,"
                        + "'reference':'00000000-0000-0001-0000-000000000002','size':'LARGE','color':'#800000',"
                        + "'sizes':['SMALL'],'colors':['#0000FF'],'ignored':1}"))))
                .isEqualTo(new Bound.Value<>(new Order(
                        "Ada",
                        "ada@example.com",
                        LocalDate.of(2026, 1, 31),
                        Optional.empty(),
                        new UUID(1, 2),
                        1,
                        Optional.empty(),
                        false,
                        Size.LARGE,
                        Color.RED,
                        List.of(Size.SMALL),
                        Optional.of(Set.of(Color.BLUE)))));
    }

    @Test
    void reportsWhatDoesNotFitTheForm() {
        assertThat(ORDER.bind(Json.parse(quoted("{'name':'','email':'ada','day':'tomorrow','reference':'me','count':10,"
                        + "'size':'MEDIUM','color':'red','sizes':[],'colors':['#0000FF','#0000FF']}"))))
                .isInstanceOfSatisfying(
                        Bound.Invalid.class,
                        invalid -> assertThat(((Bound.Invalid<?>) invalid).violations())
                                .extracting(Violation::path)
                                .containsExactlyInAnyOrder(
                                        "/name",
                                        "/email",
                                        "/day",
                                        "/reference",
                                        "/count",
                                        "/size",
                                        "/color",
                                        "/sizes",
                                        "/colors"));
        assertThat(ORDER.bind(null)).isInstanceOf(Bound.Invalid.class);
    }

    public record Nested(Order bad) {}

    public record Mapped(Map<String, String> bad) {}

    public record Listed(List<String> bad) {}

    public record Patterned(@Matches("^a$") String bad) {}

    public record Mirrored(@McpHeader("Bad") String bad) {}

    public record Anything(Object bad) {}

    public record Recursive(Optional<Recursive> bad) {}

    @ParameterizedTest
    @ValueSource(
            classes = {
                Nested.class,
                Mapped.class,
                Listed.class,
                Patterned.class,
                Mirrored.class,
                Anything.class,
                Recursive.class
            })
    void refusesWhatNoFormCanAsk(Class<?> type) {
        assertThatThrownBy(() -> FormSchema.of(type))
                .isInstanceOf(InvalidSchema.class)
                .hasMessageContaining("'bad' of the form " + type.getSimpleName());
    }

    @Test
    void aFormIsARecord() {
        assertThatThrownBy(() -> FormSchema.of(Map.class))
                .isInstanceOf(InvalidSchema.class)
                .hasMessageContaining("not a record");
    }
}
