package dev.mortise.examples.production.time;

import dev.mortise.examples.production.tool.ToolKind;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.json.Description;
import dev.mortise.mcp.json.JsonSchema;
import dev.mortise.mcp.json.Length;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceOutcome;
import dev.mortise.mcp.server.ResourceTemplate;
import dev.mortise.security.SecurityLevel;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Numbers, exactly; and what there is of units and time zones. */
public final class CalculationTools implements McpServer.Plugin {
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private final Clock clock;

    public CalculationTools(Clock clock) {
        this.clock = clock;
    }

    record Expression(
            @Description("Such as (1234.56 * 1.19 - 20) / 3 or round(sqrt(2), 10); with + - * / % ^, abs, sqrt, floor,"
                    + " ceil, round, factorial, sum, avg, min, max, pi and e. Digits are not grouped: 1000, not 1,000")
            @Length(min = 1, max = 2_000)
            String expression) {}

    record Calculated(
            @Description("In decimal digits") String result,

            @Description("Whether nothing had to be rounded")
            boolean exact) {}

    record Conversion(
            @Description("A number; as text if it has more than 15 digits, so that no client rounds it")
            JsonNode value,

            @Description(
                    "A sign or a name, such as km, mile, lb, °F, kWh or 亩; mortise://units lists them. A gallon, quart,"
                            + " pint, cup or fluid ounce is the one of the US; gal_uk and its like are those of the UK")
            @Length(min = 1, max = 30)
            String from,

            @Length(min = 1, max = 30) String to) {
        private static final int DIGITS = 30;

        Conversion {
            BigDecimal plain = number(value).stripTrailingZeros();
            if (plain.scale() > DIGITS || (long) plain.precision() - plain.scale() > DIGITS) {
                throw new IllegalArgumentException("value has at most 30 digits on each side of its point");
            }
        }

        /** Text is in plain digits already: the schema says so. */
        private static BigDecimal number(JsonNode value) {
            return value.isNumber() ? value.decimalValue() : new BigDecimal(value.stringValue());
        }

        BigDecimal number() {
            return number(value);
        }

        /** A record cannot say that a component is one of two types. */
        static JsonSchema schema() {
            JsonNode schema = JsonSchema.generate(Conversion.class).node().deepCopy();
            ObjectNode value = (ObjectNode) schema.at("/properties/value");
            value.putArray("type").add("number").add("string");
            value.put("pattern", "^[+-]?[0-9]{1,30}(\\.[0-9]{1,30})?$");
            return JsonSchema.of(schema);
        }
    }

    record Converted(
            @Description("To 15 digits") String result,

            @Description("The sign of what it is in") String unit,
            @Description("The sign of what was converted") String from) {}

    @Override
    public void install(McpServerBuilder builder) {
        builder.tool(ToolKind.COMPUTES
                        .named("calculate", "Calculate", TIMEOUT)
                        .description(
                                "Works out an arithmetic expression in decimal numbers: exactly, but for results that do not"
                                        + " end, such as 1/3, which have 50 digits. Use it for all but the simplest sums,"
                                        + " above all for money. % is the remainder: write 0.19 for 19 percent.")
                        .takes(Expression.class)
                        .gives(Calculated.class)
                        .by((in, call) -> {
                            Calculator.Result result = Calculator.calculate(in.expression());
                            return new Calculated(shown(result.value()), result.exact());
                        }))
                .tool(ToolKind.COMPUTES
                        .named("convert_units", "Convert units", TIMEOUT)
                        .description(
                                "Converts a value between units of length, mass, area, volume, time, speed, data,"
                                        + " energy, pressure, power or temperature, by their exact definitions. Not currencies.")
                        .takes(Conversion.class, Conversion.schema())
                        .gives(Converted.class)
                        .by((in, call) -> new Converted(
                                shown(Units.convert(in.number(), in.from(), in.to())),
                                Units.sign(in.to()),
                                Units.sign(in.from()))))
                .resource(Resource.at("mortise://units", "units")
                        .title("Units of measurement")
                        .description("All units that convert_units knows")
                        .mimeType("text/markdown")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.LOW)
                        .read(call -> ResourceOutcome.found(call.text(Arrays.stream(Quantity.values())
                                .map(Units::page)
                                .collect(Collectors.joining("\n"))))))
                .resourceTemplate(units())
                .resourceTemplate(zones());
    }

    private static ResourceTemplate units() {
        List<String> names = Arrays.stream(Quantity.values()).map(Units::name).toList();
        return ResourceTemplate.at("mortise://units/{quantity}", "units-of")
                .title("Units of a quantity")
                .description("The units of length, mass, … with what each is of the first")
                .mimeType("text/markdown")
                .with(SecurityLevel.ATTRIBUTE, SecurityLevel.LOW)
                .complete(
                        "quantity",
                        typed -> names.stream()
                                .filter(name -> name.startsWith(typed.value()))
                                .toList())
                .read(call -> Arrays.stream(Quantity.values())
                        .filter(quantity -> Units.name(quantity).equals(call.variable("quantity")))
                        .findFirst()
                        .map(quantity -> ResourceOutcome.found(call.text(Units.page(quantity))))
                        .orElseGet(ResourceOutcome::notFound));
    }

    private ResourceTemplate zones() {
        List<String> all = ZoneId.getAvailableZoneIds().stream()
                .filter(id -> id.contains("/") && !id.startsWith("Etc/") && !id.startsWith("SystemV/"))
                .sorted()
                .toList();
        List<String> areas = all.stream()
                .map(id -> id.substring(0, id.indexOf('/')))
                .distinct()
                .toList();
        return ResourceTemplate.at("mortise://zones/{area}", "time-zones")
                .title("Time zones of an area")
                .description("The time zones of Africa, America, Asia, Europe, … with their offsets now")
                .mimeType("text/markdown")
                .with(SecurityLevel.ATTRIBUTE, SecurityLevel.LOW)
                .complete(
                        "area",
                        typed -> areas.stream()
                                .filter(area -> area.startsWith(typed.value()))
                                .toList())
                .read(call -> areas.contains(call.variable("area"))
                        ? ResourceOutcome.found(call.text(all.stream()
                                .filter(id -> id.startsWith(call.variable("area") + "/"))
                                .map(id -> "- " + id + " "
                                        + ZoneId.of(id).getRules().getOffset(clock.instant()))
                                .collect(Collectors.joining("\n"))))
                        : ResourceOutcome.notFound());
    }

    /** Without an exponent where it can be read so. */
    static String shown(BigDecimal value) {
        BigDecimal plain = value.stripTrailingZeros();
        return Math.abs((long) plain.scale()) > 2_000 ? plain.toString() : plain.toPlainString();
    }
}
