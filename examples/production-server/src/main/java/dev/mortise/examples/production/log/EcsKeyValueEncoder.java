package dev.mortise.examples.production.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import co.elastic.logging.JsonUtils;
import co.elastic.logging.logback.EcsEncoder;
import org.slf4j.event.KeyValuePair;

/** One JSON object a line by the Elastic Common Schema, with the key values of a line, which are most of what calls say. */
public final class EcsKeyValueEncoder extends EcsEncoder {
    @Override
    protected void addCustomFields(ILoggingEvent event, StringBuilder line) {
        if (event.getKeyValuePairs() != null) {
            event.getKeyValuePairs().forEach(pair -> add(pair, line));
        }
    }

    private static void add(KeyValuePair pair, StringBuilder line) {
        boolean plain = pair.value instanceof Number || pair.value instanceof Boolean;
        String quote = plain ? "" : "\"";
        line.append('"');
        JsonUtils.quoteAsString(pair.key, line);
        line.append("\":").append(quote);
        JsonUtils.quoteAsString(String.valueOf(pair.value), line);
        line.append(quote).append(',');
    }
}
