package dev.mortise.benchmarks.production;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** A subscription for each user, from before a load until after it, so that there is money to compare. */
final class Accounts {
    private static final String BASE = "/admin/billing";

    private final String key;
    private final List<String> subscriptions;

    private Accounts(String key, List<String> subscriptions) {
        this.key = key;
        this.subscriptions = List.copyOf(subscriptions);
    }

    /** Puts all on the plan of {@link Bill}. */
    static Accounts open(Site site, Users users) throws Exception {
        // Tokens of this issuer are of tenants; a key is not.
        String key = site.administratorKey();
        List<String> subscriptions = new ArrayList<>();
        try (Door door = new Door(site)) {
            for (int user = 0; user < users.count(); user++) {
                subscriptions.add(door.call(
                                0,
                                key,
                                "set_plan",
                                "{\"tenant\":\"" + Users.tenant(user) + "\",\"plan\":\"load\",\"create\":true}")
                        .path("subscription")
                        .stringValue());
            }
        }
        return new Accounts(key, subscriptions);
    }

    /** Ends all of them, and gives what each user owes. */
    List<Bill> settle(Door door) throws IOException, InterruptedException {
        // A subscription ends with a whole second, and the last calls have to be before that.
        TimeUnit.SECONDS.sleep(2);
        List<Bill> bills = new ArrayList<>();
        for (int user = 0; user < subscriptions.size(); user++) {
            bills.add(settle(door, key, Users.tenant(user), subscriptions.get(user)));
        }
        return bills;
    }

    private static Bill settle(Door door, String key, String tenant, String id)
            throws IOException, InterruptedException {
        JsonNode subscription =
                door.post(BASE + "/subscriptions/cancel", key, "{\"id\":\"" + id + "\",\"when\":\"now\"}");
        // What is asked in advance becomes final at once; what closes the period waits some hours for stragglers as a
        // draft.
        door.post(BASE + "/invoices/issue", key, "{\"subscription\":\"" + id + "\"}");
        JsonNode draft = door.post(BASE + "/invoices/draft", key, "{\"subscription\":\"" + id + "\"}");
        List<JsonNode> invoices = new ArrayList<>(List.of(draft));
        for (JsonNode each : door.get(BASE + "/invoices?tenant=" + tenant, key).path("items")) {
            if (each.path("subscription").asString("").equals(id)
                    && !each.path("id").equals(draft.path("id"))) {
                invoices.add(each);
            }
        }
        return Bill.of(subscription, invoices);
    }
}
