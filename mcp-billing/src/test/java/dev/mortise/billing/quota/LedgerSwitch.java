package dev.mortise.billing.quota;

import dev.mortise.billing.ledger.LedgerStore;
import dev.mortise.mcp.store.StoreUnavailable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** The way to a ledger's database, which a test can cut. */
final class LedgerSwitch {
    private final LedgerStore store;
    private volatile boolean cut;

    LedgerSwitch(LedgerStore behind) {
        store = (LedgerStore) Proxy.newProxyInstance(
                LedgerStore.class.getClassLoader(), new Class<?>[] {LedgerStore.class}, (proxy, method, arguments) -> {
                    if (cut && !method.getName().equals("durability")) {
                        throw new StoreUnavailable("The database was cut off");
                    }
                    try {
                        return method.invoke(behind, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    LedgerStore store() {
        return store;
    }

    void cut() {
        cut = true;
    }

    void mend() {
        cut = false;
    }
}
