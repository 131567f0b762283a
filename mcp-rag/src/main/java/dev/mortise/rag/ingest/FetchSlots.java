package dev.mortise.rag.ingest;

import dev.mortise.rag.store.Tenant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Bounds how many documents are fetched at once: each may take all of its time, and then as much memory as a document has.
 * One tenant has at most a half of them, so that its slow hosts are not everybody's.
 */
final class FetchSlots {
    private final Semaphore all;
    private final int ofTenant;
    private final ConcurrentHashMap<Tenant, Share> shares = new ConcurrentHashMap<>();

    FetchSlots(int fetches) {
        all = new Semaphore(fetches, true);
        ofTenant = Math.max(1, fetches / 2);
    }

    /** To be given back with {@link #leave}. */
    void enter(Tenant tenant) throws InterruptedException {
        Share share = joined(tenant);
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
            part(tenant);
            throw e;
        }
    }

    void leave(Tenant tenant) {
        all.release();
        Share share = shares.get(tenant);
        if (share != null) {
            share.own.release();
        }
        part(tenant);
    }

    private Share joined(Tenant tenant) {
        return shares.compute(tenant, (each, known) -> {
            Share share = known == null ? new Share(new Semaphore(ofTenant, true)) : known;
            share.users++;
            return share;
        });
    }

    /** The last one takes the share away. */
    private void part(Tenant tenant) {
        shares.computeIfPresent(tenant, (each, share) -> --share.users == 0 ? null : share);
    }

    private static final class Share {
        final Semaphore own;

        /** Who hold a slot or wait for one; changes within the map's operations only. */
        int users;

        Share(Semaphore own) {
            this.own = own;
        }
    }
}
