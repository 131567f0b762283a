package dev.mortise.examples.production.data;

import dev.mortise.examples.production.tool.CannotAnswer;
import dev.mortise.examples.production.tool.ToolKind;
import dev.mortise.examples.production.tool.ToolText;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.call.Language;
import dev.mortise.mcp.json.Bounds;
import dev.mortise.mcp.json.DefaultValue;
import dev.mortise.mcp.json.Description;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.json.Length;
import dev.mortise.mcp.json.Matches;
import dev.mortise.mcp.schema.CallToolResult;
import dev.mortise.mcp.schema.ImageContent;
import dev.mortise.mcp.schema.TextContent;
import dev.mortise.mcp.task.TaskMode;
import dev.mortise.mcp.task.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tables that a user hands over: what is in them, questions to them, and pictures of them. Nothing of them is kept. */
public final class DataTools implements McpServer.Plugin {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    static final int LONGEST_CSV = 3_000_000;
    private static final double LARGEST = 1e15;

    private final Workers workers = new Workers();

    record Named(
            @Description("By which the SQL calls it") @Matches("^[A-Za-z_][A-Za-z0-9_]{0,39}$")
            String name,

            @Description("CSV whose first line names the columns") @Length(max = LONGEST_CSV)
            String csv) {}

    record Ask(
            @Description("One SELECT in the SQL of SQLite") @Length(min = 1, max = 20_000)
            String sql,

            @Description("The tables that it is about") @Length(max = 10) @DefaultValue("[]")
            List<Named> tables,

            @Description("Instead of tables: a SQLite database file, in base64") @Length(max = LONGEST_CSV) @Nullable
            String database,

            @Description("How many rows, at most") @DefaultValue("100") @Bounds(min = 1, max = 500)
            int limit) {}

    record Describe(
            @Description("CSV whose first line names the columns") @Length(max = LONGEST_CSV)
            String csv) {}

    record Described(int rows, List<ColumnFacts> columns) {}

    record Line(
            @Length(max = 100) String name,

            @Description("One for each label") @Length(min = 1, max = 500)
            List<Double> values) {}

    record Draw(
            Chart.Form form,
            @Length(max = 200) String title,

            @Description("What stands below, from left to right") @Length(min = 1, max = 500)
            List<String> labels,

            @Length(min = 1, max = 8) List<Line> series) {}

    record Drawn(int width, int height, int points) {}

    @Override
    public void install(McpServerBuilder builder) {
        builder.tool(ToolKind.COMPUTES
                        .named("query_table", "Query tables", TIMEOUT)
                        .description(
                                "Answers a SELECT about CSV tables or a SQLite file that you pass along, with joins,"
                                        + " groups and window functions. Use it for sums and counts over more than a few rows."
                                        + " Columns that hold only numbers are numbers; empty values are NULL. A query has three"
                                        + " seconds, and its texts at most 100,000 bytes.")
                        .takes(Ask.class)
                        .gives(Query.class)
                        .with(Tasks.MODE, TaskMode.after(Duration.ofSeconds(2)))
                        .by((in, call) -> workers.run(() -> query(in, new QueryProgress(call)))))
                .tool(ToolKind.COMPUTES
                        .named("describe_columns", "Describe columns", TIMEOUT)
                        .description(
                                "Describes each column of a CSV table: type, empty and different values, least,"
                                        + " greatest, mean, median, and the values that come most often. Use it before a query.")
                        .takes(Describe.class)
                        .gives(Described.class)
                        .by((in, call) -> {
                            CsvTable table = CsvTable.parse(in.csv());
                            List<ColumnFacts> facts = new ArrayList<>();
                            for (int i = 0; i < table.columns().size(); i++) {
                                facts.add(ColumnFacts.of(table.columns().get(i), table.column(i)));
                                call.progress(i + 1, table.columns().size());
                            }
                            return new Described(table.rows().size(), facts);
                        }))
                .tool(ToolKind.COMPUTES
                        .named("draw_chart", "Draw a chart", TIMEOUT)
                        .description(
                                "Draws up to eight series of numbers as lines or bars, and gives the picture as PNG.")
                        .takes(Draw.class)
                        .gives(Drawn.class)
                        .by((in, call) -> workers.run(
                                () -> draw(in, call.context().wording().language()))));
    }

    private static Query query(Ask in, QueryProgress progress) throws CannotAnswer {
        if ((in.database() == null) == in.tables().isEmpty()) {
            throw new CannotAnswer(ToolText.TABLES_OR_DATABASE);
        }
        List<CsvTable> tables = new ArrayList<>();
        long characters =
                in.tables().stream().mapToLong(table -> table.csv().length()).sum();
        long before = 0;
        long rows = 0;
        for (Named table : in.tables()) {
            long begun = before;
            long had = rows;
            tables.add(CsvTable.parse(
                    table.csv(), (position, read) -> progress.read(begun + position, characters, had + read)));
            before += table.csv().length();
            rows += tables.getLast().rows().size();
        }
        long all = rows;
        byte @Nullable [] database = in.database() == null ? null : decoded(in.database());
        Query.Source source = sandbox -> {
            if (database != null) {
                sandbox.load(database);
                progress.databaseLoaded();
            }
            long loaded = 0;
            for (int i = 0; i < tables.size(); i++) {
                long had = loaded;
                sandbox.load(in.tables().get(i).name(), tables.get(i), now -> progress.loaded(had + now, all));
                loaded += tables.get(i).rows().size();
            }
        };
        Query found = Query.run(in.sql(), in.limit(), source, progress::runs);
        progress.found(found.rows().size());
        return found;
    }

    private static byte[] decoded(String base64) throws CannotAnswer {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new CannotAnswer(ToolText.NO_BASE64);
        }
    }

    private static CallToolResult draw(Draw in, Language language) throws CannotAnswer {
        List<Chart.Series> series = new ArrayList<>();
        for (Line line : in.series()) {
            if (line.values().size() != in.labels().size()) {
                throw new CannotAnswer(
                        ToolText.SERIES_DIFFERS,
                        line.name(),
                        line.values().size(),
                        in.labels().size());
            }
            if (line.values().stream().anyMatch(value -> !Double.isFinite(value) || Math.abs(value) > LARGEST)) {
                throw new CannotAnswer(ToolText.VALUE_TOO_LARGE);
            }
            series.add(new Chart.Series(line.name(), line.values()));
        }
        byte[] png = new Chart(in.form(), in.title(), in.labels(), series).png();
        int points = in.labels().size() * series.size();
        String said = ToolText.CHART.in(language, points, in.title());
        return CallToolResult.of(ImageContent.of(png, "image/png"), TextContent.of(said))
                .withStructuredContent(Json.tree(new Drawn(960, 540, points)));
    }
}
