package dev.mortise.rag.discovery;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.app.Apps;
import dev.mortise.mcp.app.ToolView;
import dev.mortise.mcp.call.Attribute;
import dev.mortise.mcp.call.Language;
import dev.mortise.mcp.call.Stage;
import dev.mortise.mcp.extension.RunningServer;
import dev.mortise.mcp.server.Tool;
import dev.mortise.rag.internal.Marks;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Lets a model find the few tools, resources and prompts that serve a request, among hundreds: the tools
 * {@code find_tools}, {@code find_resources} and {@code find_prompts}. They find what the server's policy lets the caller
 * see, and nothing else. No model and no network is asked. A plugin for one server; thread-safe once installed.
 *
 * <pre>{@code
 * McpServer server = McpServer.builder("office", "1.0")
 *         .plugin(Discovery.progressive("search_knowledge"))
 *         .tools(allOfOurTools)
 *         .build();
 * }</pre>
 *
 * <p>In progressive mode {@code tools/list} shows a small core and the finders; all other tools can be called all the
 * same. The list is the same however the server is used, so that clients and their models' prompts may keep it.
 */
public final class Discovery implements McpServer.Plugin {
    /** What can be found. */
    public enum Kind {
        TOOLS,
        /** Resources and resource templates. */
        RESOURCES,
        PROMPTS
    }

    /** Put {@code true} on a tool that is always listed in progressive mode. */
    public static final Attribute<Boolean> CORE = Attribute.of("dev.mortise.rag.discovery.core", Boolean.class);

    private final Set<Kind> kinds;
    private final @Nullable Predicate<Tool> core;
    private final int maxEntries;
    private final Duration halfLife;
    private final boolean learning;
    private final Clock clock;
    private final Marks marks;
    private volatile @Nullable RunningServer server;

    private Discovery(Builder builder) {
        this.kinds = EnumSet.copyOf(builder.kinds);
        this.core = builder.core;
        this.maxEntries = builder.maxEntries;
        this.halfLife = builder.halfLife;
        this.learning = builder.learning;
        this.clock = builder.clock;
        this.marks = new Marks(builder.marks);
    }

    /** Finders of tools, resources and prompts beside the lists as they are. */
    public static Discovery create() {
        return builder().build();
    }

    /**
     * Progressive mode.
     *
     * @param core the names of the tools that are listed beside the finders
     */
    public static Discovery progressive(String... core) {
        return builder().progressive(core).build();
    }

    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void install(McpServerBuilder builder) {
        UsageMemory usage = new UsageMemory(halfLife, clock);
        builder.worded(wording -> offer(builder, usage, wording.language()));
        if (core != null) {
            builder.intercept(Stage.EXTEND, new ProgressiveList(this::server, this::isListed, maxEntries));
        }
        if (learning) {
            builder.intercept(Stage.EXTEND, usage);
        }
        builder.companion(running -> server = running);
    }

    private void offer(McpServerBuilder builder, UsageMemory usage, Language language) {
        Finder finder = new Finder(this::server, maxEntries, usage, language);
        FinderTools tools = new FinderTools(finder, core != null, marks, language);
        if (kinds.contains(Kind.TOOLS)) {
            builder.tool(tools.findTools());
        }
        if (kinds.contains(Kind.RESOURCES)) {
            builder.tool(tools.findResources());
        }
        if (kinds.contains(Kind.PROMPTS)) {
            builder.tool(tools.findPrompts());
        }
    }

    /**
     * A tool with arguments that HTTP clients have to repeat as headers is always listed: a client that does not know its
     * definition could not call it. So is what only views call: their host looks for it in the list.
     */
    private boolean isListed(Tool tool) {
        return core == null
                || FinderTools.NAMES.contains(tool.key())
                || tool.get(CORE).orElse(false)
                || core.test(tool)
                || !tool.mirroredHeaders().headers().isEmpty()
                || tool.get(Apps.VIEW).filter(ToolView::forApp).isPresent();
    }

    private RunningServer server() {
        RunningServer running = server;
        if (running == null) {
            throw new IllegalStateException("This discovery is not part of a running server");
        }
        return running;
    }

    /** Composes a {@link Discovery}. */
    public static final class Builder {
        private final Set<Kind> kinds = EnumSet.allOf(Kind.class);
        private @Nullable Predicate<Tool> core;
        private int maxEntries = 5_000;
        private Duration halfLife = Duration.ofDays(14);
        private boolean learning = true;
        private Clock clock = Clock.systemUTC();
        private final Marks marks = new Marks();

        private Builder() {}

        /** What can be found; everything unless set. */
        public Builder only(Kind first, Kind... others) {
            kinds.clear();
            kinds.addAll(EnumSet.of(first, others));
            return this;
        }

        /** Lists only these tools, those with {@link #CORE}, and the finders. */
        public Builder progressive(String... names) {
            Set<String> listed = Set.of(names);
            return progressive(tool -> listed.contains(tool.key()));
        }

        /** As {@link #progressive(String...)}; the answer for a tool must never change. */
        public Builder progressive(Predicate<Tool> listed) {
            this.core = listed;
            return this;
        }

        /** The most entries of a kind that are looked through, in the order of lists; 5,000 unless set. */
        public Builder maxEntries(int entries) {
            if (entries < 1 || entries > 100_000) {
                throw new IllegalArgumentException("maxEntries lies between 1 and 100000, but is " + entries);
            }
            this.maxEntries = entries;
            return this;
        }

        /** After how long what was learned from use counts half; 14 days unless set. */
        public Builder halfLife(Duration time) {
            if (time.toMinutes() < 1 || time.toDays() > 3650) {
                throw new IllegalArgumentException("halfLife lies between a minute and ten years, but is " + time);
            }
            this.halfLife = time;
            return this;
        }

        /** Does not let use change the ranking. */
        public Builder withoutLearning() {
            this.learning = false;
            return this;
        }

        /**
         * Puts a value of another module on the finders, such as a security level; what is put later counts.
         *
         * @param finders their names; none for all
         */
        public <T> Builder with(Attribute<T> attribute, T value, String... finders) {
            marks.put(attribute, value, finders);
            return this;
        }

        public Builder clock(Clock newClock) {
            this.clock = newClock;
            return this;
        }

        public Discovery build() {
            return new Discovery(this);
        }
    }
}
