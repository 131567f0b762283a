package dev.mortise.security.store;

import dev.mortise.security.access.AccessStore;
import dev.mortise.security.access.Approval;
import dev.mortise.security.access.Grant;
import dev.mortise.security.standing.Change;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Grants and approvals of one process. */
final class MemoryAccessStore implements AccessStore {
    private final NavigableMap<String, Grant> grants = new TreeMap<>();
    private final NavigableMap<String, Approval> approvals = new TreeMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final MemoryChanges changes;

    MemoryAccessStore(MemoryChanges changes) {
        this.changes = changes;
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void add(Grant grant) {
        locked(() -> grants.put(grant.id(), grant));
        changes.write(Change.Kind.GRANT, grant.identity());
    }

    @Override
    public Optional<Grant> grant(String id) {
        return locked(() -> Optional.ofNullable(grants.get(id)));
    }

    @Override
    public List<Grant> grantsOf(String identity, Instant now) {
        return locked(() -> grants.values().stream()
                .filter(grant -> grant.identity().equals(identity) && grant.isGood(now))
                .toList());
    }

    @Override
    public boolean revokeGrant(String id, Instant at) {
        Optional<Grant> revoked = locked(() -> Optional.ofNullable(grants.get(id))
                .filter(grant -> grant.isGood(at))
                .map(grant -> {
                    grants.put(id, grant.revoked(at));
                    return grant;
                }));
        revoked.ifPresent(grant -> changes.write(Change.Kind.GRANT, grant.identity()));
        return revoked.isPresent();
    }

    @Override
    public List<Grant> grants(@Nullable String tenant, @Nullable String after, int limit) {
        return locked(() -> (after == null ? grants : grants.tailMap(after, false))
                .values().stream()
                        .filter(grant -> tenant == null || tenant.equals(grant.tenant()))
                        .limit(limit)
                        .toList());
    }

    @Override
    public Optional<Approval> request(Approval approval, int mostOpen, Instant now) {
        return locked(() -> {
            List<Approval> open = approvals.values().stream()
                    .filter(other -> other.identity().equals(approval.identity()) && other.isOpen(now))
                    .toList();
            Optional<Approval> same =
                    open.stream().filter(approval::asksTheSameAs).findFirst();
            if (same.isPresent() || open.size() >= mostOpen) {
                return same;
            }
            approvals.put(approval.id(), approval);
            return Optional.of(approval);
        });
    }

    @Override
    public Optional<Approval> approval(String id) {
        return locked(() -> Optional.ofNullable(approvals.get(id)));
    }

    @Override
    public boolean decide(String id, Approval.Status decision, String by, Instant at, @Nullable Grant granted) {
        boolean decided = locked(() -> {
            Approval known = approvals.get(id);
            if (known == null || known.status() != Approval.Status.PENDING || !known.isOpen(at)) {
                return false;
            }
            approvals.put(id, known.decided(decision, by, at));
            if (granted != null) {
                grants.put(granted.id(), granted);
            }
            return true;
        });
        if (decided && granted != null) {
            changes.write(Change.Kind.GRANT, granted.identity());
        }
        return decided;
    }

    @Override
    public boolean revokeApproval(String id, String by, Instant at) {
        return locked(() -> {
            Approval known = approvals.get(id);
            if (known == null || !known.isOpen(at)) {
                return false;
            }
            approvals.put(id, known.decided(Approval.Status.REVOKED, by, at));
            return true;
        });
    }

    @Override
    public boolean use(String id, String call, int round, Instant now) {
        return locked(() -> {
            Approval known = approvals.get(id);
            if (known == null) {
                return false;
            }
            boolean first = known.status() == Approval.Status.APPROVED && known.isOpen(now);
            boolean next = known.status() == Approval.Status.USED && call.equals(known.call()) && known.round() < round;
            if (first || next) {
                approvals.put(id, known.used(call, round));
            }
            return first || next;
        });
    }

    @Override
    public boolean giveBack(String id, String call, int round) {
        return locked(() -> {
            Approval known = approvals.get(id);
            if (known == null
                    || known.status() != Approval.Status.USED
                    || !call.equals(known.call())
                    || known.round() != round) {
                return false;
            }
            approvals.put(id, known.unused());
            return true;
        });
    }

    @Override
    public Optional<Approval> usedBy(String call) {
        return locked(() -> approvals.values().stream()
                .filter(approval -> call.equals(approval.call()))
                .findFirst());
    }

    @Override
    public List<Approval> approvals(
            @Nullable String tenant, Approval.@Nullable Status status, @Nullable String after, int limit) {
        return locked(() -> (after == null ? approvals : approvals.tailMap(after, false))
                .values().stream()
                        .filter(approval -> tenant == null || tenant.equals(approval.tenant()))
                        .filter(approval -> status == null || status == approval.status())
                        .limit(limit)
                        .toList());
    }

    @Override
    public void sweep(Instant before) {
        locked(() -> {
            grants.values().removeIf(grant -> grant.expiresAt().isBefore(before));
            return approvals.values().removeIf(approval -> approval.expiresAt().isBefore(before));
        });
    }
}
