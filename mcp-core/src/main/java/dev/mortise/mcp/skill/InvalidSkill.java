package dev.mortise.mcp.skill;

/** A skill that breaks a rule of its format; the message says which, and what to do. */
public final class InvalidSkill extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidSkill(String message) {
        super(message);
    }
}
