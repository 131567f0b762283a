package dev.mortise.billing.ledger;

import java.util.List;

/**
 * What goes into the ledger in one transaction.
 *
 * @param sequence one more than that of the replica's batch before: a batch that is sent twice is taken once
 * @param posts in this order
 * @param spent at most one for each window
 */
public record Batch(String replica, long sequence, List<Post> posts, List<Spent> spent) {
    public Batch {
        posts = List.copyOf(posts);
        spent = List.copyOf(spent);
    }
}
