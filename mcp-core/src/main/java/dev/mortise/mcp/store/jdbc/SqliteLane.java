package dev.mortise.mcp.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file: one thread writes and two read, each over a connection that it keeps. What waits to be written at the same
 * time shares one commit, and so one wait for the disk; each piece of work still succeeds or fails by itself.
 */
final class SqliteLane implements Lane {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteLane.class);
    private static final int READERS = 2;
    private static final int MAX_WAITING = 4096;
    private static final int MAX_TOGETHER = 64;

    private final BlockingQueue<SqliteJob<?>> writes = new LinkedBlockingQueue<>(MAX_WAITING);
    private final BlockingQueue<SqliteJob<?>> reads = new LinkedBlockingQueue<>(MAX_WAITING);
    private final List<Thread> threads = new ArrayList<>();
    private final DataSource dataSource;
    private final Duration timeout;
    private final List<String> pragmas;
    private volatile boolean closed;

    private SqliteLane(DataSource dataSource, Duration timeout, List<String> pragmas) {
        this.dataSource = dataSource;
        this.timeout = timeout;
        this.pragmas = pragmas;
    }

    static SqliteLane over(DataSource dataSource, Duration timeout, List<String> pragmas) {
        SqliteLane lane = new SqliteLane(dataSource, timeout, pragmas);
        lane.start("sqlite-writer", lane.writes, MAX_TOGETHER);
        for (int i = 0; i < READERS; i++) {
            lane.start("sqlite-reader-" + i, lane.reads, 1);
        }
        return lane;
    }

    private void start(String name, BlockingQueue<SqliteJob<?>> queue, int together) {
        boolean writes = together > 1;
        threads.add(Thread.ofPlatform().daemon().name(name).start(() -> {
            try (SqliteConnection connection = new SqliteConnection(dataSource, timeout, pragmas)) {
                while (!closed) {
                    List<SqliteJob<?>> jobs = new ArrayList<>(together);
                    jobs.add(queue.take());
                    queue.drainTo(jobs, together - 1);
                    run(connection, jobs, writes);
                }
            } catch (InterruptedException e) {
                LOG.debug("Closed");
            }
            queue.forEach(job -> job.fail(new CancellationException("The database is closed")));
        }));
    }

    private static void run(SqliteConnection connection, List<SqliteJob<?>> jobs, boolean writes) {
        try {
            Connection open = connection.open();
            if (writes) {
                SqliteTransaction.run(open, jobs);
            } else {
                jobs.forEach(job -> job.run(open));
            }
        } catch (SQLException | RuntimeException e) {
            connection.close();
            jobs.forEach(job -> job.fail(e));
            return;
        }
        if (jobs.stream().anyMatch(SqliteJob::brokeConnection)) {
            connection.close();
        }
        jobs.forEach(SqliteJob::finish);
    }

    @Override
    public <T extends @Nullable Object> Result<T> read(Database.Work<T> work) throws SQLException {
        return submit(reads, work);
    }

    @Override
    public <T extends @Nullable Object> Result<T> write(Database.Work<T> work) throws SQLException {
        return submit(writes, work);
    }

    private <T extends @Nullable Object> Result<T> submit(BlockingQueue<SqliteJob<?>> queue, Database.Work<T> work)
            throws SQLException {
        SqliteJob<T> job = new SqliteJob<>(work);
        if (closed || !queue.offer(job)) {
            throw new SQLException(closed ? "The database is closed" : "Too much waits for the database already");
        }
        return job.result();
    }

    @Override
    public void close() {
        closed = true;
        for (Thread thread : threads) {
            thread.interrupt();
        }
    }
}
