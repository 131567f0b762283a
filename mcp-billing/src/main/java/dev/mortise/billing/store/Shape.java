package dev.mortise.billing.store;

import dev.mortise.mcp.store.jdbc.Dialect;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The columns of {@link Rows}, and how a statement refers to them in each database. Immutable. */
final class Shape {
    final Dialect dialect;
    final Statements statements;
    final List<String> types;
    private final String source;

    /** @param columns such as {@code tenant text} and {@code used bigint} */
    Shape(Dialect dialect, Statements statements, String... columns) {
        this.dialect = dialect;
        this.statements = statements;
        List<String> names =
                Arrays.stream(columns).map(c -> c.substring(0, c.indexOf(' '))).toList();
        this.types =
                Arrays.stream(columns).map(c -> c.substring(c.indexOf(' ') + 1)).toList();
        this.source = switch (dialect) {
            case POSTGRESQL ->
                types.stream().map(type -> "?::" + type + "[]").collect(Collectors.joining(", ", "unnest(", ")"))
                        + " AS r(" + String.join(", ", names) + ")";
            case SQLITE ->
                names.stream().map(name -> "? AS " + name).collect(Collectors.joining(", ", "(SELECT ", ") AS r"));
        };
    }

    Rows rows() {
        return new Rows(this);
    }

    /** A statement in which {@code {rows}} stands for a table {@code r} with these columns. */
    String sql(String text) {
        return text.replace("{rows}", source);
    }
}
