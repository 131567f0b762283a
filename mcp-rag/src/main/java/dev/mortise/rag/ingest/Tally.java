package dev.mortise.rag.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** Counts outcomes, and tells how far it is, one thread at a time. */
final class Tally {
    private final ReentrantLock lock = new ReentrantLock();
    private final IngestProgress progress;
    private final int total;
    private final List<IngestOutcome.Failed> failures = new ArrayList<>();
    private int stored;
    private int unchanged;
    private int failed;

    Tally(int total, IngestProgress progress) {
        this.total = total;
        this.progress = progress;
    }

    void count(IngestOutcome outcome) {
        lock.lock();
        try {
            switch (outcome) {
                case IngestOutcome.Stored yes -> stored++;
                case IngestOutcome.Unchanged same -> unchanged++;
                case IngestOutcome.Failed no -> {
                    failed++;
                    if (failures.size() < IngestReport.MAX_FAILURES) {
                        failures.add(no);
                    }
                }
            }
            progress.progress(stored + unchanged + failed, total, outcome);
        } finally {
            lock.unlock();
        }
    }

    IngestReport report(int removed) {
        lock.lock();
        try {
            return new IngestReport(stored, unchanged, removed, failed, failures);
        } finally {
            lock.unlock();
        }
    }
}
