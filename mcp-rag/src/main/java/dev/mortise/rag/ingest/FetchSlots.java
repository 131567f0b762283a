package dev.mortise.rag.ingest;

import dev.mortise.rag.store.Tenant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * Bounds how many documents are fetched at once: each may take all of its time, and then as much memory as a document has.
 * One tenant has at most a half of them, so that its slow hosts are not everybody's.
 */
final class FetchSlots {
    private final Semaphore all;
    private final int ofTenant;
    private final Map<Tenant, Share> shares = new HashMap<>();

    FetchSlots(int fetches) {
        all = new Semaphore(fetches, true);
        ofTenant = Math.max(1, fetches / 2);
    }

    /** To be given back with {@link #leave}. */
    void enter(Tenant tenant) throws InterruptedException {
        Share share = share(tenant);
        try {
            // First among its own: who waits here takes nothing from others.
            share.own.acquire();
            try {
                all.acquire();
            } catch (InterruptedException e) {
                share.own.release();
                throw e;
            }
        } catch (InterruptedException e) {
            forget(tenant);
            throw e;
        }
    }

    void leave(Tenant tenant) {
        all.release();
        forget(tenant).own.release();
    }

    private synchronized Share share(Tenant tenant) {
        Share share = shares.computeIfAbsent(tenant, each -> new Share(new Semaphore(ofTenant, true)));
        share.users++;
        return share;
    }

    private synchronized Share forget(Tenant tenant) {
        Share share = shares.get(tenant);
        if (share == null) {
            throw new IllegalStateException("It left without having entered");
        }
        if (--share.users == 0) {
            shares.remove(tenant);
        }
        return share;
    }

    private static final class Share {
        final Semaphore own;
        int users;

        Share(Semaphore own) {
            this.own = own;
        }
    }
}
