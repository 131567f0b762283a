package dev.mortise.mcp.json;

/**
 * A JSON Schema, or a type a schema was to be generated from, that cannot be used. The message says where and what
 * to do; it is written for the developer who builds the tool, and holds nothing but parts of the schema itself.
 */
public final class InvalidSchema extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidSchema(String message) {
        super(message);
    }

    InvalidSchema(String message, Throwable cause) {
        super(message, cause);
    }
}
