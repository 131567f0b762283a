package dev.mortise.mcp;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The protocol revisions that Mortise knows, the newest first. Rules that differ between revisions have names and are
 * asked for behind the era seam only; nothing else compares versions.
 */
public enum ProtocolVersion {
    V2026_07_28("2026-07-28"),
    V2025_11_25("2025-11-25"),
    V2025_06_18("2025-06-18"),
    V2025_03_26("2025-03-26"),
    V2024_11_05("2024-11-05");

    /** What a legacy client is offered when it asks for a revision that is not served (lifecycle: Negotiation). */
    public static final ProtocolVersion NEWEST_LEGACY = V2025_11_25;

    /** What a client over HTTP is taken to speak that names none (transports: Protocol Version Header). */
    public static final ProtocolVersion ASSUMED = V2025_03_26;

    private static final Map<String, ProtocolVersion> BY_WIRE =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(ProtocolVersion::wire, version -> version));

    private final String wire;

    ProtocolVersion(String wire) {
        this.wire = wire;
    }

    /** The form on the wire, such as {@code 2026-07-28}. */
    public String wire() {
        return wire;
    }

    public static Optional<ProtocolVersion> of(String wire) {
        return Optional.ofNullable(BY_WIRE.get(wire));
    }

    /** Whether a connection begins with {@code initialize}, and what it says holds for all that follows. */
    public boolean beginsWithInitialize() {
        return this != V2026_07_28;
    }

    /** Whether several messages may come in one array (2025-03-26, basic: Batching). */
    public boolean supportsBatching() {
        return this == V2025_03_26;
    }

    /** Whether a stream begins with an empty event that names its position, so that it can be polled (SEP-1699). */
    public boolean supportsPolling() {
        return this == V2025_11_25;
    }

    /** Whether tasks are part of the protocol, and not an extension (2025-11-25, basic: Tasks). */
    public boolean supportsTasks() {
        return this == V2025_11_25;
    }

    /** Whether content may be audio. */
    public boolean supportsAudio() {
        return this != V2024_11_05;
    }

    /** Whether content may be a link to a resource, and tools have structured results. */
    public boolean supportsStructuredResults() {
        return supportsElicitation();
    }

    /** Whether the structure of a tool's result may be anything but an object (SEP-2106). */
    public boolean supportsAnyStructure() {
        return !beginsWithInitialize();
    }

    /** Whether the user can be asked by form. */
    public boolean supportsElicitation() {
        return switch (this) {
            case V2024_11_05, V2025_03_26 -> false;
            case V2025_06_18, V2025_11_25, V2026_07_28 -> true;
        };
    }

    /** Whether the user can be sent to a page (SEP-1036). */
    public boolean supportsUrlElicitation() {
        return standardForms();
    }

    /** Whether choices in a form have their titles beside them, and several can be chosen (SEP-1330). */
    public boolean supportsTitledChoices() {
        return standardForms();
    }

    /** Whether the client's model may be given tools, and messages several contents (SEP-1577). */
    public boolean supportsSamplingTools() {
        return standardForms();
    }

    private boolean standardForms() {
        return this == V2025_11_25 || this == V2026_07_28;
    }

    @Override
    public String toString() {
        return wire;
    }
}
