package dev.mortise.mcp.client;

import dev.mortise.mcp.internal.text.Excerpt;

/**
 * A skill, or a file of it, must not be used (skills: Integrity and Verification). If it changed after its entry was
 * fetched, {@code McpClient.skill(uri)} has the new entry; whoever approved the old one has not approved that.
 */
public final class SkillRejectedException extends McpException {
    private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public enum Reason {
        /** It is made up as it is asked for, so that nothing could be verified. */
        DYNAMIC,
        /** It has more files, or more bytes, than a client has to take. */
        TOO_LARGE,
        /** The entry has no such file. */
        NOT_LISTED,
        /** What came has another length than the entry says. */
        OTHER_SIZE,
        /** What came is not what the entry says. */
        OTHER_DIGEST,
        /** The entry describes another skill than its {@code SKILL.md} does. */
        OTHER_FRONTMATTER
    }

    private final String uri;
    private final Reason reason;

    public SkillRejectedException(String uri, Reason reason, String message) {
        super(Excerpt.of(uri, 200) + " is not used: " + message, null);
        this.uri = uri;
        this.reason = reason;
    }

    /** The file, or the {@code SKILL.md}, that it is about. */
    public String uri() {
        return uri;
    }

    public Reason reason() {
        return reason;
    }
}
