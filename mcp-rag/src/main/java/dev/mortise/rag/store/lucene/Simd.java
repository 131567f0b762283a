package dev.mortise.rag.store.lucene;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says so, once and loudly, when this JVM compares vectors the slow way. */
final class Simd {
    private static final Logger LOG = LoggerFactory.getLogger(Simd.class);
    private static final AtomicBoolean TOLD = new AtomicBoolean();

    private Simd() {}

    static boolean available() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }

    static void warnOnce() {
        if (!available() && TOLD.compareAndSet(false, true)) {
            LOG.warn("VECTOR SEARCH IS RUNNING AT LESS THAN HALF ITS SPEED: this JVM was started without"
                    + " the option --add-modules jdk.incubator.vector. Add it to the java command line.");
        }
    }
}
