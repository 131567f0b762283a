package dev.mortise.mcp.store;

class InMemoryTaskStoreTest extends TaskStoreContract {
    private final TaskStore store = new InMemoryTaskStore();

    @Override
    TaskStore store() {
        return store;
    }
}
