package dev.mortise.mcp.internal.resilience;

import dev.mortise.mcp.resilience.Protection;
import dev.mortise.mcp.server.Entry;
import java.util.stream.Stream;

/** An interceptor that acts on declared protections. */
public interface Protecting {
    /**
     * That nobody acts on a protection is found when the server is built, and not when it is needed.
     *
     * @throws IllegalArgumentException if an entry declares one
     */
    static void expectNone(Stream<? extends Entry> entries) {
        entries.filter(entry -> entry.attributes().get(Protection.ATTRIBUTE).isPresent())
                .findFirst()
                .ifPresent(entry -> {
                    throw new IllegalArgumentException(entry.key() + " declares a Protection, and nothing acts on it:"
                            + " add plugin(Resilience.builder().build()), or leave it out");
                });
    }
}
