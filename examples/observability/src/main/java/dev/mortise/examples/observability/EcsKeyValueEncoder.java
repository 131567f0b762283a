package dev.mortise.examples.observability;

import ch.qos.logback.classic.spi.ILoggingEvent;
import co.elastic.logging.JsonUtils;
import co.elastic.logging.logback.EcsEncoder;
import org.slf4j.event.KeyValuePair;

/** Elastic's encoder, which by itself leaves out the key values of SLF4J; that is, everything that the call log says. */
public final class EcsKeyValueEncoder extends EcsEncoder {
    @Override
    protected void addCustomFields(ILoggingEvent event, StringBuilder builder) {
        if (event.getKeyValuePairs() == null) {
            return;
        }
        for (KeyValuePair pair : event.getKeyValuePairs()) {
            builder.append('"');
            JsonUtils.quoteAsString(pair.key, builder);
            builder.append("\":");
            if (pair.value instanceof Number || pair.value instanceof Boolean) {
                builder.append(pair.value);
            } else {
                builder.append('"');
                JsonUtils.quoteAsString(String.valueOf(pair.value), builder);
                builder.append('"');
            }
            builder.append(',');
        }
    }
}
