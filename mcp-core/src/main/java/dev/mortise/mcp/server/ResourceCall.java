package dev.mortise.mcp.server;

import dev.mortise.mcp.schema.ResourceContents;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;

/** The reading of a resource. */
public interface ResourceCall extends HandlerCall {
    String uri();

    /**
     * The variables of the template that the URI matched, decoded; empty for a plain resource. They come from the
     * client: one that becomes part of a path has to be checked for {@code ..} and separators first.
     */
    Map<String, String> variables();

    /**
     * One variable.
     *
     * @throws IllegalArgumentException if the template has none of this name
     */
    default String variable(String name) {
        String value = variables().get(name);
        if (value == null) {
            throw new IllegalArgumentException("The template has no variable " + name);
        }
        return value;
    }

    /** Text as the content of this resource, with its URI and type. */
    ResourceContents text(String text);

    /** Bytes as the content of this resource, with its URI and type. */
    ResourceContents bytes(byte[] bytes);

    /** A file as the content of this resource: text if its type says so, bytes otherwise. */
    ResourceContents file(Path file) throws IOException;

    /**
     * Everything that a stream holds, as the content of this resource; closes it.
     *
     * @throws IOException also if there is more than the server's limit for one resource
     */
    ResourceContents stream(InputStream stream) throws IOException;
}
