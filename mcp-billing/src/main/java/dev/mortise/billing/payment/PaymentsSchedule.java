package dev.mortise.billing.payment;

import dev.mortise.billing.books.Books;
import dev.mortise.mcp.health.HealthCheck;
import dev.mortise.mcp.health.Verdict;
import dev.mortise.mcp.store.StoreUnavailable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what payments and books need now and then: each job at one replica at a time, as often as it is due over all of
 * them, at the next replica when one dies. Start one in every replica. Thread-safe.
 *
 * <pre>{@code
 * PaymentsSchedule schedule = PaymentsSchedule.of(payments).books(books).onRun(metrics::count).start();
 * health.add(schedule.healthCheck());
 * }</pre>
 *
 * <p>Every job is safe to be done by two at once, so that which replica holds it is a matter of thrift: it goes by the
 * clocks of the replicas, and by a row that is held for two minutes and kept while the job runs.
 *
 * <table>
 * <caption>The jobs, and how often</caption>
 * <tr><td>{@code payments}</td><td>{@link Payments#run}</td><td>5 seconds</td></tr>
 * <tr><td>{@code usage}</td><td>{@link Payments#feed}</td><td>a minute</td></tr>
 * <tr><td>{@code comparison}</td><td>{@link Payments#reconcile}, {@link Payments#compareUsage}</td><td>a day</td></tr>
 * <tr><td>{@code forgetting}</td><td>{@link Payments#forget}</td><td>a day</td></tr>
 * <tr><td>{@code invoices}</td><td>{@link dev.mortise.billing.books.Invoices#issueDue()}</td><td>a quarter of an
 *     hour</td></tr>
 * <tr><td>{@code commands}</td><td>{@link Books#forgetCommands}</td><td>a day</td></tr>
 * </table>
 */
public final class PaymentsSchedule implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PaymentsSchedule.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration LEASE = Duration.ofMinutes(2);
    private static final Duration RETRY = Duration.ofMinutes(5);
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private record Job(String name, Duration every, Runnable work) {}

    private record Running(Thread thread, Instant keptAt) {}

    private final JobTable table;
    private final Clock clock;
    private final Consumer<JobRun> listener;
    private final Map<String, Job> jobs;
    private final String holder = UUID.randomUUID().toString();
    private final Map<String, Running> running = new ConcurrentHashMap<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread ticker = Thread.ofVirtual().name("payments-schedule").unstarted(this::tickOn);

    private PaymentsSchedule(Setup setup) {
        this.table = setup.payments.jobs();
        this.clock = setup.payments.clock();
        this.listener = setup.listener;
        this.jobs = new LinkedHashMap<>(setup.jobs);
    }

    /** Begins with the payments, whose clock and database it uses. */
    public static Setup of(Payments payments) {
        return new Setup(payments);
    }

    /** What is done, and how often. Not thread-safe. */
    public static final class Setup {
        private static final Duration DAY = Duration.ofDays(1);

        private final Payments payments;
        private final Map<String, Job> jobs = new LinkedHashMap<>();
        private Consumer<JobRun> listener = run -> {};
        private int repairs = 50;
        private Duration commands = Duration.ofDays(90);

        private Setup(Payments payments) {
            this.payments = payments;
            job("payments", Duration.ofSeconds(5), payments::run);
            job("usage", Duration.ofMinutes(1), payments::feed);
            job("comparison", DAY, this::compare);
            job("forgetting", DAY, payments::forget);
        }

        private void compare() {
            payments.reconcile(repairs).forEach(one -> {
                if (!one.isClean()) {
                    LOG.warn("The comparison with {} is not clean: {}", one.provider(), one);
                }
            });
            payments.compareUsage(payments.clock().instant().minus(Duration.ofDays(3)));
        }

        /** Invoices what is due, and forgets {@linkplain #keepCommands commands} that were carried out long ago. */
        public Setup books(Books books) {
            job("invoices", Duration.ofMinutes(15), () -> books.invoices().issueDue());
            return job(
                    "commands",
                    DAY,
                    () -> books.forgetCommands(payments.clock().instant().minus(commands)));
        }

        /**
         * For how long a change of the books that is sent again is the same change; 90 days unless set.
         *
         * @throws IllegalArgumentException if it is less than a day
         */
        public Setup keepCommands(Duration kept) {
            if (kept.compareTo(DAY) < 0) {
                throw new IllegalArgumentException("Commands are kept for a day at least, not for " + kept);
            }
            this.commands = kept;
            return this;
        }

        /** How many differences the comparison puts right here, for each provider; 50 unless set. */
        public Setup repairs(int maximum) {
            this.repairs = maximum;
            return this;
        }

        /**
         * Adds a job, or replaces the one of this name. It may be done by two replicas at once, seldom.
         *
         * @param every from the end of one run to the begin of the next, give or take a tenth; a second at least
         */
        public Setup job(String name, Duration every, Runnable work) {
            if (every.compareTo(TICK) < 0) {
                throw new IllegalArgumentException("A job is done every second at the most, not every " + every);
            }
            jobs.put(Rows.plain("A job", name), new Job(name, every, work));
            return this;
        }

        /** Is told of each run at this replica, on the thread of the job. */
        public Setup onRun(Consumer<JobRun> newListener) {
            this.listener = newListener;
            return this;
        }

        /** Starts it; the database need not answer yet. */
        public PaymentsSchedule start() {
            PaymentsSchedule schedule = new PaymentsSchedule(this);
            schedule.ticker.start();
            return schedule;
        }

        /** Not started: for whoever owns the time. */
        PaymentsSchedule stopped() {
            return new PaymentsSchedule(this);
        }
    }

    private void tickOn() {
        try {
            boolean known = false;
            do {
                try {
                    if (!known) {
                        enter();
                        known = true;
                    }
                    tick();
                } catch (StoreUnavailable e) {
                    LOG.warn("Jobs are looked for later: {}", e.getMessage());
                }
            } while (!stopped.await(TICK.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            LOG.debug("The schedule was stopped");
        }
    }

    /** Makes the jobs known to all replicas. */
    void enter() {
        Instant now = clock.instant();
        jobs.keySet().forEach(name -> table.add(name, now));
    }

    /** Keeps what runs, and begins what is due. */
    void tick() {
        Instant now = clock.instant();
        running.forEach((name, one) -> {
            if (!now.isBefore(one.keptAt().plus(LEASE.dividedBy(3)))) {
                table.keep(name, holder, now, LEASE);
                running.computeIfPresent(name, (same, before) -> new Running(before.thread(), now));
            }
        });
        for (String name : table.due(now)) {
            Job job = jobs.get(name);
            if (job != null && !running.containsKey(name) && table.claim(name, holder, now, LEASE)) {
                begin(job, now);
            }
        }
    }

    private void begin(Job job, Instant now) {
        Thread thread = Thread.ofVirtual().name("payments-" + job.name()).unstarted(() -> run(job, now));
        running.put(job.name(), new Running(thread, now));
        thread.start();
    }

    private void run(Job job, Instant startedAt) {
        @Nullable Throwable failure = null;
        long begun = System.nanoTime();
        try {
            job.work().run();
        } catch (RuntimeException | Error e) {
            failure = e;
            LOG.warn("The job {} has failed, and is tried again", job.name(), e);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        Duration pause = failure == null || job.every().compareTo(RETRY) < 0 ? job.every() : RETRY;
        Instant now = clock.instant();
        try {
            table.end(job.name(), holder, failure == null, now, now.plus(jittered(pause)));
        } catch (StoreUnavailable e) {
            LOG.warn("The job {} is this replica's for up to {} more: {}", job.name(), LEASE, e.getMessage());
        }
        running.remove(job.name());
        listener.accept(new JobRun(job.name(), startedAt, took, failure));
    }

    /** Give or take a tenth, so that replicas and services do not fall into step. */
    private static Duration jittered(Duration pause) {
        long tenth = Math.max(1, pause.toMillis() / 10);
        return pause.plusMillis(ThreadLocalRandom.current().nextLong(-tenth, tenth + 1));
    }

    /** Whether nothing runs at this replica. */
    boolean isIdle() {
        return running.isEmpty();
    }

    /**
     * Whether each job has succeeded lately, at whichever replica. An optional check: calls are served without it.
     */
    public HealthCheck healthCheck() {
        return HealthCheck.of("payments-schedule", this::verdict)
                .optional()
                .every(Duration.ofSeconds(30))
                .timeout(Duration.ofSeconds(10));
    }

    private Verdict verdict() {
        Instant now = clock.instant();
        for (JobTable.Row row : table.all()) {
            Job job = jobs.get(row.name());
            if (job == null) {
                continue;
            }
            Duration allowed = job.every().multipliedBy(2).plus(PATIENCE);
            if (now.isAfter(row.succeededAt().plus(allowed))) {
                return Verdict.down(row.name() + " has not succeeded since " + row.succeededAt())
                        .with("failures", row.failures());
            }
        }
        return Verdict.up();
    }

    /** Begins nothing more, and interrupts what runs after some seconds. */
    @Override
    public void close() {
        stopped.countDown();
        try {
            ticker.join(Duration.ofSeconds(5));
            for (Running one : running.values()) {
                if (!one.thread().join(Duration.ofSeconds(5))) {
                    one.thread().interrupt();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
