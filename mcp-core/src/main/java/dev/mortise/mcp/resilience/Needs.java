package dev.mortise.mcp.resilience;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What calls may need: components and guards. */
record Needs(Map<String, Guard> guards, @Nullable Startup startup) {
    private List<Component> components() {
        return startup == null ? List.of() : List.copyOf(startup.all());
    }

    /** @throws IllegalArgumentException if there is no such component or guard */
    void check(String whose, Set<String> names) {
        for (String name : names) {
            if (!guards.containsKey(name)
                    && components().stream().noneMatch(c -> c.name().equals(name))) {
                throw new IllegalArgumentException(whose + " needs " + name
                        + ", which is neither a component of the startup nor a guard that was given");
            }
        }
    }

    /** Everything that a tool needs, by its own account or by that of the components. */
    List<String> of(String tool, Set<String> declared) {
        Set<String> all = new LinkedHashSet<>(declared);
        for (Component component : components()) {
            if (component.serves().stream()
                    .anyMatch(glob -> Matching.glob(glob).matcher(tool).matches())) {
                all.add(component.name());
            }
        }
        return List.copyOf(all);
    }

    boolean isDown(String name) {
        Guard guard = guards.get(name);
        return guard == null ? startup != null && !startup.isRunning(name) : guard.isDown();
    }
}
