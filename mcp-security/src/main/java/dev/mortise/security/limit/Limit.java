package dev.mortise.security.limit;

import dev.mortise.mcp.call.Attribute;
import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.security.Credential;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How often calls may be made, by whom. A call that several limits are about has to fit into all of their rates, and
 * then counts in each. Immutable.
 *
 * <pre>{@code
 * Limit.perCaller("caller", Rate.perSecond(5).withBurst(2), Rate.perHour(2_000))
 * Limit.perTenant("exports", Rate.perDay(100)).onTools("export_report")
 * }</pre>
 */
public final class Limit {
    /**
     * How many units a call of a tool, a read of a resource or a prompt takes; 1 where it is not declared. A server is
     * not built whose tools cost more than a limit that they are under ever gives out at once.
     */
    public static final Attribute<Integer> COST = Attribute.of("dev.mortise.security.limit.cost", Integer.class);

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,31}");

    /** A name and a rate: what clients are told, and what a store counts by. */
    record Window(String name, Rate rate) {}

    private final String name;
    private final Function<Call, String> whose;
    private final List<Window> windows;
    private final @Nullable Set<String> tools;
    private final @Nullable Set<String> methods;
    private final boolean eachTarget;

    private Limit(
            String name,
            Function<Call, String> whose,
            List<Window> windows,
            @Nullable Set<String> tools,
            @Nullable Set<String> methods,
            boolean eachTarget) {
        this.name = name;
        this.whose = whose;
        this.windows = windows;
        this.tools = tools;
        this.methods = methods;
        this.eachTarget = eachTarget;
    }

    /**
     * For each {@linkplain Caller#identity() caller}; for those who are anonymous, for each address.
     *
     * @param name for clients, too: 1 to 32 lower-case letters, digits and hyphens
     * @param first the rates, each of another period
     */
    public static Limit perCaller(String name, Rate first, Rate... more) {
        return of(name, Limit::caller, first, more);
    }

    /** For each tenant; a caller without a tenant counts as one. */
    public static Limit perTenant(String name, Rate first, Rate... more) {
        return of(
                name,
                call -> call.caller().tenant().map(tenant -> "tenant:" + tenant).orElseGet(() -> caller(call)),
                first,
                more);
    }

    /** For each {@link Credential}, such as an API key; a caller without one counts by itself. */
    public static Limit perCredential(String name, Rate first, Rate... more) {
        return of(
                name,
                call -> call.caller()
                        .get(Credential.ATTRIBUTE)
                        .map(credential -> credential.kind() + ":" + credential.id())
                        .orElseGet(() -> caller(call)),
                first,
                more);
    }

    /** For everybody together: for what stands behind the tools, and takes no more. */
    public static Limit overall(String name, Rate first, Rate... more) {
        return of(name, call -> "all", first, more);
    }

    /** @param whose the key that shares a window; the same for the same, and hard to make up */
    public static Limit of(String name, Function<Call, String> whose, Rate first, Rate... more) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "A limit is named with 1 to 32 lower-case letters, digits and hyphens, but this one is \"" + name
                            + "\"");
        }
        List<Rate> rates = new ArrayList<>(List.of(more));
        rates.addFirst(first);
        List<Window> windows = rates.stream()
                .map(rate -> new Window(rates.size() == 1 ? name : name + "-" + RateFields.period(rate), rate))
                .toList();
        if (new HashSet<>(windows.stream().map(Window::name).toList()).size() < windows.size()) {
            throw new IllegalArgumentException("Two rates of the limit " + name + " have the same period");
        }
        return new Limit(name, whose, windows, null, null, false);
    }

    private static String caller(Call call) {
        Caller caller = call.caller();
        return caller.identity().equals(Caller.anonymous().identity())
                        && call.context().origin() instanceof HttpHead head
                ? "address:" + AddressKey.of(head.remoteAddress())
                : "caller:" + caller.identity();
    }

    /** Only for calls of these tools. */
    public Limit onTools(String... names) {
        return new Limit(name, whose, windows, Set.of(names), methods, eachTarget);
    }

    /** Only for these JSON-RPC methods, such as {@code tools/list}. */
    public Limit onMethods(String... names) {
        return new Limit(name, whose, windows, tools, Set.of(names), eachTarget);
    }

    /** For each tool, resource and prompt apart, instead of all of them together. */
    public Limit apart() {
        return new Limit(name, whose, windows, tools, methods, true);
    }

    String name() {
        return name;
    }

    List<Window> windows() {
        return windows;
    }

    boolean applies(Call call) {
        return (methods == null || methods.contains(call.method())) && (tools == null || isOn(call.target()));
    }

    /** Whether calls of a tool may come under this. */
    boolean mayApply(String tool) {
        return (methods == null || methods.contains("tools/call")) && (tools == null || tools.contains(tool));
    }

    private boolean isOn(Target target) {
        return tools != null && target.kind() == Target.Kind.TOOL && tools.contains(target.name());
    }

    String key(Call call) {
        String key = whose.apply(call);
        if (!eachTarget) {
            return key;
        }
        Target target = call.target();
        // What does not exist has no window of its own: anybody can make up names.
        return target.exists() ? target.kind() + ":" + target.name() + "\n" + key : "?\n" + key;
    }
}
