package dev.mortise.rag.store;

import dev.mortise.mcp.call.Caller;
import java.util.Objects;

/**
 * Whose documents are meant. Every operation of a {@link ChunkStore} asks for one, so that nobody can forget it: there is
 * no way to look at the documents of all tenants.
 */
public final class Tenant {
    /** The one tenant of a server that has no tenants: the documents of callers that belong to none. */
    public static final Tenant NONE = new Tenant("");

    private static final int LONGEST = 256;

    private final String name;

    private Tenant(String name) {
        this.name = name;
    }

    /** @throws IllegalArgumentException for a name that is empty, longer than 256 characters, or has a NUL in it */
    public static Tenant of(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("A tenant needs a name; Tenant.NONE is for servers without tenants");
        }
        return new Tenant(Names.checked("name of a tenant", name, LONGEST));
    }

    /** The tenant that the caller was authenticated for, or {@link #NONE}. */
    public static Tenant of(Caller caller) {
        return caller.tenant().map(Tenant::of).orElse(NONE);
    }

    /** Empty for {@link #NONE} only. */
    public String name() {
        return name;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tenant that && name.equals(that.name);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(name);
    }

    @Override
    public String toString() {
        return name.isEmpty() ? "no tenant" : name;
    }
}
