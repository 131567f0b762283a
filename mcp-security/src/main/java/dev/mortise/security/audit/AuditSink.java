package dev.mortise.security.audit;

import java.util.List;

/**
 * Gets every record after it is in the log, for a SIEM. Called by one thread at a time, never by that of a call; it may
 * block. What it does not take stays in the log and nowhere else: a sink that is too slow, or fails three times, misses
 * records, is told how many by a line {@code {"records":n,"type":"missed"}}, and can catch up with an export.
 */
@FunctionalInterface
public interface AuditSink {
    /**
     * Takes some records of this replica, in their order.
     *
     * @param lines as an export has them, without line ends
     * @throws Exception if it did not take them; they may come again
     */
    void accept(List<String> lines) throws Exception;
}
