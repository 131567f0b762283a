package dev.mortise.mcp.observe;

import java.time.Duration;
import java.util.Optional;

/**
 * Where replicas leave what they know about active callers, for each other and for the time after a restart. To write
 * over what another replica wrote at the same moment does no harm: that one writes again. {@code RedisStores.sketches()}
 * and {@code JdbcStores.sketches()} are two.
 */
public interface SketchStore {
    /** @param period such as {@code 2026-11-22} or {@code 2026-11} */
    Optional<byte[]> read(String period);

    /**
     * @param sketch a few thousand bytes
     * @param keep after which time it is of no more use
     */
    void write(String period, byte[] sketch, Duration keep);
}
