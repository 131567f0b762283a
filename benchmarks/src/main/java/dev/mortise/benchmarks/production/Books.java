package dev.mortise.benchmarks.production;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What the service says of each user afterwards, beside what clients saw: no less than was answered, no more than was asked,
 * and what is owed for it to the cent.
 */
final class Books {
    private final Users users;
    private final Tally tally;
    private final Door door;
    private final List<String> wrong = new ArrayList<>();
    private long memories;
    private long documents;
    private long calls;
    private BigDecimal owed = BigDecimal.ZERO;

    private Books(Users users, Tally tally, Door door) {
        this.users = users;
        this.tally = tally;
        this.door = door;
    }

    /**
     * What came of it.
     *
     * @param owed in all
     * @param wrong what does not agree, in words; empty if all does
     */
    record Reconciled(
            long memories, long documents, long calls, BigDecimal owed, boolean auditClean, List<String> wrong) {
        boolean agrees() {
            return auditClean && wrong.isEmpty();
        }

        @Override
        public String toString() {
            return "%d memories, %d documents, %d units of usage and %s USD for them %s; the audit log %s"
                    .formatted(
                            memories,
                            documents,
                            calls,
                            owed,
                            wrong.isEmpty() ? "agree with what clients saw" : "do NOT agree: " + wrong,
                            auditClean ? "verifies" : "does NOT verify");
        }
    }

    static Reconciled compare(Site site, Users users, Accounts accounts, Tally tally) throws Exception {
        try (Door door = new Door(site)) {
            Books books = new Books(users, tally, door);
            long[] used = new long[users.count()];
            // Free of charge, and before what is not.
            for (int user = 0; user < users.count(); user++) {
                used[user] = books.used(user);
            }
            List<Bill> bills = accounts.settle(door);
            for (int user = 0; user < users.count(); user++) {
                books.compareMoney(user, used[user], bills.get(user));
                books.compareKept(user);
            }
            boolean clean = site.run("audit", "verify") == 0;
            return new Reconciled(books.memories, books.documents, books.calls, books.owed, clean, books.wrong);
        }
    }

    private long used(int user) throws Exception {
        long used = 0;
        for (JsonNode day :
                door.call(0, users.token(user), "my_usage", "{\"days\":2}").path("days")) {
            used += day.path("apiCalls").longValue(0);
        }
        Tally.Done done = tally.done(user);
        calls += used;
        within("usage", user, used, done.calls, done.perhapsCalls);
        return used;
    }

    private void compareMoney(int user, long used, Bill bill) {
        Tally.Done done = tally.done(user);
        owed = owed.add(bill.total());
        wrong.addAll(bill.disagreements(Users.tenant(user), used, done.calls, done.perhapsCalls));
    }

    private void compareKept(int user) throws Exception {
        Tally.Done done = tally.done(user);
        String token = users.token(user);
        long kept = door.call(0, token, "list_memories", "{\"limit\":1}")
                .path("total")
                .longValue(-1);
        Set<String> names = new HashSet<>();
        for (int replica = 0; replica < 2; replica++) {
            for (JsonNode each : door.call(replica, token, "list_documents", "{\"limit\":500}")
                    .path("documents")) {
                names.add(each.path("uri").stringValue());
            }
        }
        memories += kept;
        documents += names.size();
        within("memories", user, kept, done.memories, done.perhapsMemories);
        within("documents", user, names.size(), done.documents, done.perhapsDocuments);
    }

    private void within(String what, int user, long found, int certain, int perhaps) {
        if (found < certain || found > (long) certain + perhaps) {
            wrong.add("%s of %d: %d, and clients saw %d, and perhaps %d more"
                    .formatted(what, user, found, certain, perhaps));
        }
    }
}
