package dev.mortise.mcp.json;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Asks clients to repeat the argument in the HTTP header {@code Mcp-Param-<value>}, so that proxies can route by it
 * (specification, tools: {@code x-mcp-header}). For text, whole numbers and booleans, outside of lists and maps. Never
 * for secrets: every hop can read and log it.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface McpHeader {
    String value();
}
