package dev.mortise.rag;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.call.Attribute;
import dev.mortise.mcp.call.Language;
import dev.mortise.mcp.extension.RunningServer;
import dev.mortise.mcp.extension.ServerCompanion;
import dev.mortise.rag.internal.Marks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A {@link KnowledgeBase} as part of an MCP server: tools that search, answer with sources, take in, list, read and delete;
 * a resource for each document, a template for each collection, prompts for grounded answers, completions of names, and
 * notifications when documents change. A plugin for one server; thread-safe once installed.
 *
 * <pre>{@code
 * McpServer server = McpServer.builder("handbook", "1.0")
 *         .plugin(Knowledge.of(docs))
 *         .build();
 * }</pre>
 *
 * <p>What is offered is described, and refused, in the language of the server's {@link dev.mortise.mcp.call.Wording}.
 * Callers see the documents of their own tenant. Those that belong to none, and whoever is anonymous, share the
 * documents of {@link dev.mortise.rag.store.Tenant#NONE}. Whoever may call a tool is the policy's decision.
 */
public final class Knowledge implements McpServer.Plugin {
    private final KnowledgeBase base;
    private final Map<String, Path> roots;
    private final boolean writes;
    private final boolean fetches;
    private final Marks marks;

    private Knowledge(Builder builder) {
        this.base = builder.base;
        this.roots = Map.copyOf(builder.roots);
        this.writes = builder.writes;
        this.fetches = builder.fetches;
        this.marks = new Marks(builder.marks);
    }

    /** Searching and reading, taking in and deleting; folders and the web only as {@link #builder} allows. */
    public static Knowledge of(KnowledgeBase base) {
        return builder(base).build();
    }

    public static Builder builder(KnowledgeBase base) {
        return new Builder(base);
    }

    @Override
    public void install(McpServerBuilder builder) {
        builder.worded(wording -> offer(builder, wording.language())).companion(new Notices());
    }

    private void offer(McpServerBuilder builder, Language language) {
        DocumentList documents = new DocumentList(base.store());
        SearchTools search = new SearchTools(base, marks, language);
        builder.tool(search.search()).tool(search.ask());
        DocumentTools reading = new DocumentTools(base, marks, language);
        builder.tool(reading.list()).tool(reading.get()).tool(reading.stats());
        if (writes) {
            IngestTools ingest = new IngestTools(base, roots, fetches, marks, language);
            builder.tool(ingest.document()).tool(reading.delete());
            if (!roots.isEmpty()) {
                builder.tool(ingest.folder());
            }
        }
        KnowledgeResources resources = new KnowledgeResources(base, documents, marks, language);
        builder.resources(resources).resourceTemplate(resources.documents()).resourceTemplate(resources.collections());
        KnowledgePrompts prompts = new KnowledgePrompts(base, documents, marks, language);
        builder.prompt(prompts.answer()).prompt(prompts.summary());
    }

    /** Tells the clients of a running server what changes. */
    private final class Notices implements ServerCompanion {
        private @Nullable KnowledgeEvents events;

        @Override
        public void start(RunningServer server) {
            events = new KnowledgeEvents(server.events());
            base.addListener(events);
        }

        @Override
        public void stop(Duration grace) {
            if (events != null) {
                base.removeListener(events);
            }
        }
    }

    /** Composes a {@link Knowledge}. */
    public static final class Builder {
        private final KnowledgeBase base;
        private final Map<String, Path> roots = new LinkedHashMap<>();
        private final Marks marks = new Marks();
        private boolean writes = true;
        private boolean fetches;

        private Builder(KnowledgeBase base) {
            this.base = base;
        }

        /** Offers nothing that changes documents. */
        public Builder readOnly() {
            this.writes = false;
            return this;
        }

        /**
         * A folder that {@code ingest_folder} may take in, for every caller who may call it; there is no such tool
         * without one. Links are not followed out of it.
         *
         * @param name what callers call it; they do not learn where it is
         */
        public Builder root(String name, Path folder) {
            if (!Files.isDirectory(folder)) {
                throw new IllegalArgumentException("There is no folder " + folder + " for the root " + name);
            }
            roots.put(name, folder);
            return this;
        }

        /** Lets {@code ingest_document} fetch public web addresses; off unless set. */
        public Builder fetchingUrls() {
            this.fetches = true;
            return this;
        }

        /**
         * Puts a value of another module on what is offered, such as a security level; what is put later counts.
         *
         * @param names of tools and prompts; none for all of them and for the resources and their templates
         */
        public <T> Builder with(Attribute<T> attribute, T value, String... names) {
            marks.put(attribute, value, names);
            return this;
        }

        public Knowledge build() {
            return new Knowledge(this);
        }
    }
}
