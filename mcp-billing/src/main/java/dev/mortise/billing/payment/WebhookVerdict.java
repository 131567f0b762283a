package dev.mortise.billing.payment;

/** What a webhook turned out to be. */
public sealed interface WebhookVerdict {
    /** Genuine, and ours. */
    record Accepted(WebhookEvent event) implements WebhookVerdict {}

    /** Genuine, and nothing to us: it is acknowledged, so that it does not come again. */
    record Ignored(String reason) implements WebhookVerdict {}

    /** Not genuine, or not readable. The reason goes to the log; the sender learns the status alone. */
    record Rejected(int status, String reason) implements WebhookVerdict {}

    /** It cannot be told at the moment: the sender should come again. */
    record Undecided(String reason) implements WebhookVerdict {}
}
