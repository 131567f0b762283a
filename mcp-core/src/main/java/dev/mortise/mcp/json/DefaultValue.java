package dev.mortise.mcp.json;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The value a component has when the caller leaves it out, which makes it optional. For a component that is a string
 * in JSON (text, an enum, a date) the text itself; for all others JSON, such as {@code 10} or {@code ["a"]}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface DefaultValue {
    String value();
}
