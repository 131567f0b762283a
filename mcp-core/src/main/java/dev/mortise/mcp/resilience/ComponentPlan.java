package dev.mortise.mcp.resilience;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The components by tiers, checked: what depends on what makes sense. */
record ComponentPlan(Map<String, Component> byName, TreeMap<Integer, List<Component>> tiers) {
    /** @throws IllegalArgumentException saying what does not make sense */
    static ComponentPlan of(Collection<Component> components) {
        Map<String, Component> byName = new LinkedHashMap<>();
        TreeMap<Integer, List<Component>> tiers = new TreeMap<>();
        for (Component component : components) {
            if (byName.put(component.name(), component) != null) {
                throw new IllegalArgumentException("Two components are named " + component);
            }
            tiers.computeIfAbsent(component.tier(), tier -> new ArrayList<>()).add(component);
        }
        components.forEach(component -> check(component, byName));
        Set<String> done = new HashSet<>();
        components.forEach(component -> walk(component, byName, done, new ArrayList<>()));
        return new ComponentPlan(byName, tiers);
    }

    private static void check(Component component, Map<String, Component> byName) {
        for (String name : component.dependencies()) {
            Component dependency = byName.get(name);
            if (dependency == null) {
                throw new IllegalArgumentException(
                        "Component " + component + " depends on " + name + ", which does not exist");
            }
            if (dependency.tier() > component.tier()) {
                throw new IllegalArgumentException("Component " + component + " of tier " + component.tier()
                        + " depends on " + name + " of tier " + dependency.tier() + ", which starts later");
            }
            if (component.required() && !dependency.required()) {
                throw new IllegalArgumentException("The required component " + component + " depends on the optional "
                        + name + ": make both required, or both optional");
            }
        }
    }

    private static void walk(Component component, Map<String, Component> byName, Set<String> done, List<String> path) {
        if (path.contains(component.name())) {
            path.add(component.name());
            throw new IllegalArgumentException("These components wait for each other: "
                    + String.join(" -> ", path.subList(path.indexOf(component.name()), path.size())));
        }
        if (done.contains(component.name())) {
            return;
        }
        path.add(component.name());
        for (String name : component.dependencies()) {
            Component dependency = byName.get(name);
            if (dependency != null) {
                walk(dependency, byName, done, path);
            }
        }
        path.remove(component.name());
        done.add(component.name());
    }
}
