package dev.mortise.servlet;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One bad request.
 *
 * @param statuses the status, or those among which the containers choose where they refuse by themselves
 * @param code of the JSON-RPC error; {@link #RESULT}; {@code null} where the container answers in its own words
 */
record BadInputRow(
        String name,
        byte[] request,
        Set<Integer> statuses,
        @Nullable Integer code) {
    /** Given with the code of an error: a result, of a tool that failed or otherwise. */
    static final int RESULT = 0;

    @Override
    public String toString() {
        return name;
    }
}
