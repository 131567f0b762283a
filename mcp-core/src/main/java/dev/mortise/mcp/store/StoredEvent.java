package dev.mortise.mcp.store;

/**
 * One event of a stream.
 *
 * @param position where it stands: above 0, and above those of all earlier events of its stream
 * @param content as it was appended
 */
@SuppressWarnings("ArrayRecordComponent") // a store's row: nobody compares it
public record StoredEvent(long position, byte[] content) {}
