package dev.mortise.examples.production.data;

import dev.mortise.examples.production.tool.ToolText;
import dev.mortise.mcp.call.Language;
import dev.mortise.mcp.server.HandlerCall;
import java.util.concurrent.TimeUnit;

/**
 * Tells whoever waits for a query how far it is, in percent: tables are read until {@value #READ}, loaded until {@value
 * #LOADED}, and what is left stands for the time that the query may take. Says nothing that is not news, so that it may be told
 * of every row. Used by one thread at a time.
 */
final class QueryProgress {
    private static final int READ = 40;
    private static final int LOADED = 70;
    private static final int ALL = 100;

    private final HandlerCall call;
    private final Language language;
    private int last = -1;

    QueryProgress(HandlerCall call) {
        this.call = call;
        this.language = call.context().wording().language();
    }

    /** @param characters of all tables, as {@code of} is */
    void read(long characters, long of, long rows) {
        at(share(0, READ, characters, of), ToolText.ROWS_READ, rows);
    }

    void loaded(long rows, long of) {
        at(share(READ, LOADED, rows, of), ToolText.ROWS_LOADED, rows, of);
    }

    void databaseLoaded() {
        at(LOADED, ToolText.DATABASE_LOADED);
    }

    /** @param nanos since it began, of those that it may take */
    void runs(long nanos, long of) {
        long tenths = TimeUnit.NANOSECONDS.toMillis(nanos) / 100;
        at(
                Math.min(share(LOADED, ALL, nanos, of), ALL - 1),
                ToolText.QUERY_RUNS,
                tenths / 10 + "." + tenths % 10,
                TimeUnit.NANOSECONDS.toSeconds(of));
    }

    void found(int rows) {
        at(ALL, ToolText.ROWS_FOUND, rows);
    }

    private static int share(int from, int to, long done, long of) {
        return from + (int) ((to - from) * done / Math.max(1, of));
    }

    private void at(int percent, ToolText text, Object... values) {
        if (percent > last) {
            last = percent;
            call.progress(percent, (double) ALL, text.in(language, values));
        }
    }
}
