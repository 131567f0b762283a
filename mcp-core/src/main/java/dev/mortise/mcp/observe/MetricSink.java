package dev.mortise.mcp.observe;

import java.util.Map;
import java.util.function.DoubleConsumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongConsumer;

/**
 * Where parts that do not know Micrometer report their figures, under {@link MetricNames}. Metrics of one name have the
 * same label names, and the values of a label come from a small set that no client can widen; a name gets a thousand
 * combinations of them at most, and what comes after that is dropped. Thread-safe.
 */
public interface MetricSink {
    /**
     * Shows a value for as long as the process runs, or until another one takes its name and labels.
     *
     * @param value read at every scrape, so it must not block
     */
    void gauge(String name, Map<String, String> labels, DoubleSupplier value);

    /** A counter; call it with how much to add. Keep it: to ask for it again costs more than to count. */
    LongConsumer counter(String name, Map<String, String> labels);

    /**
     * Shows a total that is counted elsewhere, and never becomes less, as long as {@link #gauge} would show it.
     *
     * @param value read at every scrape, so it must not block
     */
    default void total(String name, Map<String, String> labels, DoubleSupplier value) {
        gauge(name, labels, value);
    }

    /** A histogram of durations; call it with seconds. */
    DoubleConsumer histogram(String name, Map<String, String> labels);

    /** Forgets a gauge or a total. */
    void remove(String name, Map<String, String> labels);

    /** Reports to nobody. */
    static MetricSink none() {
        return new MetricSink() {
            @Override
            public void gauge(String name, Map<String, String> labels, DoubleSupplier value) {}

            @Override
            public LongConsumer counter(String name, Map<String, String> labels) {
                return amount -> {};
            }

            @Override
            public DoubleConsumer histogram(String name, Map<String, String> labels) {
                return seconds -> {};
            }

            @Override
            public void remove(String name, Map<String, String> labels) {}
        };
    }
}
