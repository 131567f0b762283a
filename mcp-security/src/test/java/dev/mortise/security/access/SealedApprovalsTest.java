package dev.mortise.security.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.server.Tool;
import dev.mortise.security.Environment;
import dev.mortise.security.Security;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.crypto.DataKeyStore;
import dev.mortise.security.crypto.LocalKeyEncryption;
import dev.mortise.security.crypto.Sealer;
import dev.mortise.security.key.KeyLimits;
import dev.mortise.security.store.SecurityStores;
import java.security.SecureRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What waits for a decision is as confidential as its arguments. */
class SealedApprovalsTest {
    record Drop(String table) {}

    private final SecurityStores stores = SecurityStores.inMemory();
    private final DataKeyStore keys = DataKeyStore.inMemory();
    private final byte[] secret = new byte[32];
    private final Sealer sealer;
    private final Security security;
    private final McpServer server;

    SealedApprovalsTest() {
        new SecureRandom().nextBytes(secret);
        sealer = Sealer.of(
                keys, LocalKeyEncryption.current("2026", secret::clone).build());
        security = Security.in(Environment.TEST)
                .stores(stores)
                .sealer(sealer)
                .authenticatorOf(TestAuthenticator::new)
                .build();
        server = McpServer.builder("test", "1")
                .plugin(security)
                .tool(Tool.named("drop")
                        .input(Drop.class)
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.CRITICAL)
                        .handle((in, call) -> "dropped " + in.table()))
                .build();
    }

    @AfterEach
    void close() {
        server.close();
    }

    private Wire ann() {
        KeyLimits limits = KeyLimits.BASIC.withReach(SecurityLevel.CRITICAL);
        return Wire.to(server, security.keys().issue("ann", "acme", "", limits).secret());
    }

    private Approval stored() {
        return stores.access()
                .approvals(null, Approval.Status.PENDING, null, 10)
                .getFirst();
    }

    @Test
    void theStoreHoldsNoArgumentsThatAnybodyCouldRead() {
        Wire ann = ann();
        ann.call("drop", "{'table':'a-secret-name'}");
        Approval stored = stored();
        assertThat(stored.arguments()).startsWith("s1.").doesNotContain("a-secret-name");
        assertThat(security.approvals().find(stored.id()).orElseThrow().arguments())
                .as("who decides reads them")
                .contains("a-secret-name");
        assertThat(security.approvals().list(null, null, null, 10).getFirst().arguments())
                .contains("a-secret-name");
        security.approvals().approve(stored.id(), Caller.of("boss").withTenant("acme"));
        assertThat(ann.call("drop", "{'table':'a-secret-name'}").result().toString())
                .contains("dropped a-secret-name");
    }

    @Test
    void whatSomebodyElsePutInTheirPlaceIsNotApproved() {
        Wire ann = ann();
        ann.call("drop", "{'table':'one'}");
        ann.call("drop", "{'table':'two'}");
        var both = stores.access().approvals(null, Approval.Status.PENDING, null, 10);
        SecurityStores tampered = SecurityStores.inMemory();
        tampered.access()
                .request(
                        both.get(0).withArguments(both.get(1).arguments()),
                        10,
                        both.get(0).createdAt());
        tampered.access()
                .request(
                        both.get(1).withArguments("{\"table\":\"plain\"}"),
                        10,
                        both.get(1).createdAt());
        SealedAccessStore read = new SealedAccessStore(tampered.access(), sealer);
        assertThat(read.approval(both.get(0).id())).as("of another row").isEmpty();
        assertThat(read.approval(both.get(1).id())).as("not sealed").isEmpty();
        assertThat(read.approvals(null, null, null, 10))
                .extracting(Approval::arguments)
                .containsOnly("");
    }
}
