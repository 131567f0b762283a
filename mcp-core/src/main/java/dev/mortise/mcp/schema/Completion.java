package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Proposals for the value of an argument, best first (specification, server: Completion).
 *
 * @param values at most {@link #MAX_VALUES}
 * @param total how many proposals there are in all; {@code null} where it is not known
 * @param hasMore whether there are more than {@code values}; {@code null} where it is not stated
 */
@JsonInclude(NON_NULL)
public record Completion(
        List<String> values, @Nullable Long total, @Nullable Boolean hasMore) {
    /** The most values that one answer may hold. */
    public static final int MAX_VALUES = 100;

    /** No proposals. */
    public static final Completion NONE = new Completion(List.of(), 0L, false);

    public Completion {
        values = Fields.requiredList(values, "Completion.values");
        if (values.size() > MAX_VALUES) {
            throw new IllegalArgumentException("Completion.values holds " + values.size() + " values; " + MAX_VALUES
                    + " are the most, Completion.of keeps the first ones");
        }
        Fields.optionalSize(total, "Completion.total");
    }

    /** As many of the proposals as one answer may hold, with the number of all of them. */
    public static Completion of(List<String> proposals) {
        int kept = Math.min(proposals.size(), MAX_VALUES);
        return new Completion(proposals.subList(0, kept), (long) proposals.size(), kept < proposals.size());
    }
}
