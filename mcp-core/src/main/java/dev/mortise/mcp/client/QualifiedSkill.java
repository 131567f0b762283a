package dev.mortise.mcp.client;

/**
 * A skill of one server among several. Two servers may have skills of the same name, and even of the same URI; they are
 * different skills.
 *
 * @param server the key that the server was given
 */
public record QualifiedSkill(String server, SkillEntry skill) {}
