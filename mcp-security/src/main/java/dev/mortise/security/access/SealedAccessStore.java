package dev.mortise.security.access;

import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.security.crypto.CannotOpen;
import dev.mortise.security.crypto.Field;
import dev.mortise.security.crypto.KeyEncryptionUnavailable;
import dev.mortise.security.crypto.Sealer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store whose database holds the arguments of approvals sealed, each with the key of its tenant and bound to its row. What
 * cannot be opened, because somebody put something else in its place or the tenant was shredded, is as if it did not exist:
 * nobody approves what nobody can read. Thread-safe.
 */
public final class SealedAccessStore implements AccessStore {
    private static final String TABLE = "access_approval";
    private static final String COLUMN = "arguments";
    /** Whose key those have who have no tenant. */
    private static final String NO_TENANT = "-";

    private final AccessStore store;
    private final Sealer sealer;

    /** Seals from now on. What waits for a decision unsealed is not found any more, and is asked for again. */
    public SealedAccessStore(AccessStore store, Sealer sealer) {
        this.store = store;
        this.sealer = sealer;
    }

    private static Field field(Approval approval) {
        String tenant = approval.tenant();
        return new Field(tenant == null ? NO_TENANT : tenant, TABLE, COLUMN, approval.id());
    }

    private Approval sealed(Approval approval) {
        return approval.arguments().isEmpty()
                ? approval
                : approval.withArguments(available(() -> sealer.seal(field(approval), approval.arguments())));
    }

    private Optional<Approval> opened(Approval approval) {
        if (approval.arguments().isEmpty()) {
            return Optional.of(approval);
        }
        try {
            return Optional.of(
                    approval.withArguments(available(() -> sealer.open(field(approval), approval.arguments()))));
        } catch (CannotOpen e) {
            return Optional.empty();
        }
    }

    private static String available(Supplier<String> work) {
        try {
            return work.get();
        } catch (KeyEncryptionUnavailable e) {
            throw new StoreUnavailable("The keys of approvals are unavailable", e);
        }
    }

    @Override
    public Optional<Approval> request(Approval approval, int mostOpen, Instant now) {
        // It asks for the same, whoever asked first: the digest says so.
        return store.request(sealed(approval), mostOpen, now)
                .map(open -> open.withArguments(open.arguments().isEmpty() ? "" : approval.arguments()));
    }

    @Override
    public Optional<Approval> approval(String id) {
        return store.approval(id).flatMap(this::opened);
    }

    @Override
    public Optional<Approval> usedBy(String call) {
        return store.usedBy(call).flatMap(this::opened);
    }

    @Override
    public List<Approval> approvals(
            @Nullable String tenant, Approval.@Nullable Status status, @Nullable String after, int limit) {
        return store.approvals(tenant, status, after, limit).stream()
                .map(approval -> opened(approval).orElseGet(() -> approval.withArguments("")))
                .toList();
    }

    @Override
    public void add(Grant grant) {
        store.add(grant);
    }

    @Override
    public Optional<Grant> grant(String id) {
        return store.grant(id);
    }

    @Override
    public List<Grant> grantsOf(String identity, Instant now) {
        return store.grantsOf(identity, now);
    }

    @Override
    public boolean revokeGrant(String id, Instant at) {
        return store.revokeGrant(id, at);
    }

    @Override
    public List<Grant> grants(@Nullable String tenant, @Nullable String after, int limit) {
        return store.grants(tenant, after, limit);
    }

    @Override
    public boolean decide(String id, Approval.Status decision, String by, Instant at, @Nullable Grant granted) {
        return store.decide(id, decision, by, at, granted);
    }

    @Override
    public boolean revokeApproval(String id, String by, Instant at) {
        return store.revokeApproval(id, by, at);
    }

    @Override
    public boolean use(String id, String call, int round, Instant now) {
        return store.use(id, call, round, now);
    }

    @Override
    public boolean giveBack(String id, String call, int round) {
        return store.giveBack(id, call, round);
    }

    @Override
    public void sweep(Instant before) {
        store.sweep(before);
    }
}
