/**
 * The values of the Model Context Protocol, revision 2026-07-28, as they travel on the wire.
 *
 * <p>Every type is an immutable record with the name the specification gives it; only {@code Tool}, {@code Resource},
 * {@code ResourceTemplate} and {@code Prompt} are called {@code …Definition} here, because an author's tool is a
 * definition and a handler together. Values are built by {@code of} and {@code with…}, the larger ones by a builder;
 * the positional constructors exist for the JSON mapper. JSON trees inside a value ({@code JsonNode}) are not copied:
 * treat them as immutable.
 *
 * <p>Unknown members are ignored when a value is read, since the specification adds some with every revision. A
 * missing or impossible member is refused with an {@link IllegalArgumentException} that names it, which the JSON
 * mapper wraps into its own exception. Sampling, roots and logging are deprecated since this revision and stay for at
 * least twelve months (specification: Deprecated Features).
 */
package dev.mortise.mcp.schema;
