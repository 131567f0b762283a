package dev.mortise.mcp.store;

/** Where a task stands (tasks: Task Status). */
public enum TaskStatus {
    WORKING,
    /** It waits for answers, and nothing runs. */
    INPUT_REQUIRED,
    COMPLETED,
    FAILED,
    CANCELLED;

    /** Nothing comes after this. */
    public boolean isTerminal() {
        return switch (this) {
            case WORKING, INPUT_REQUIRED -> false;
            case COMPLETED, FAILED, CANCELLED -> true;
        };
    }
}
