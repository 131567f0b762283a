package dev.mortise.examples.production.knowledge;

import dev.mortise.billing.meter.Meter;
import dev.mortise.billing.meter.Metering;
import dev.mortise.billing.meter.Weight;
import dev.mortise.examples.production.settings.Setting;
import dev.mortise.examples.production.settings.Settings;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.resilience.Protection;
import dev.mortise.mcp.task.TaskMode;
import dev.mortise.mcp.task.Tasks;
import dev.mortise.rag.Knowledge;
import dev.mortise.rag.KnowledgeBase;
import dev.mortise.rag.discovery.Discovery;
import dev.mortise.security.SecurityLevel;
import java.nio.file.Path;
import java.time.Duration;

/** What callers may do with documents, and with the catalogue of everything: levels, prices, times. */
final class KnowledgeOffer {
    private static final Weight ONE = Weight.of(Meter.API_CALLS, 1);
    /** A question takes a vector, or a ranking of its own. */
    private static final Weight SMART = ONE.and(Meter.AI_OPERATIONS, 1);

    private static final Weight INGESTION = Weight.of(Meter.API_CALLS, 2);

    /** In progressive mode the rest is found by find_tools. */
    private static final String[] CORE = {
        "search_knowledge",
        "ask_with_sources",
        "recall",
        "remember",
        "calculate",
        "current_time",
        "who_am_i",
        "my_usage"
    };

    private final Settings settings;

    KnowledgeOffer(Settings settings) {
        this.settings = settings;
    }

    void install(McpServerBuilder builder, KnowledgeBase base) {
        builder.plugin(knowledge(base)).plugin(discovery());
    }

    private Knowledge knowledge(KnowledgeBase base) {
        Knowledge.Builder knowledge = Knowledge.builder(base)
                .fetchingUrls()
                // Documents are the tenant's, so that nobody without a good credential sees any.
                .with(SecurityLevel.ATTRIBUTE, SecurityLevel.MEDIUM)
                .with(Protection.ATTRIBUTE, atMost(10))
                .with(Metering.WEIGHT, ONE, "list_documents", "get_document", "delete_document", "knowledge_stats")
                .with(Metering.WEIGHT, SMART, "search_knowledge", "ask_with_sources", "answer_from_knowledge")
                .with(Metering.WEIGHT, INGESTION, "ingest_document", "ingest_folder")
                .with(Protection.ATTRIBUTE, atMost(60), "ingest_document")
                .with(Tasks.MODE, TaskMode.after(Duration.ofSeconds(5)), "ingest_document")
                .with(Protection.ATTRIBUTE, atMost(1_800), "ingest_folder")
                .with(SecurityLevel.ATTRIBUTE, SecurityLevel.HIGH, "ingest_folder");
        settings.pairs(Setting.MORTISE_FOLDERS).forEach((name, path) -> knowledge.root(name, Path.of(path)));
        return knowledge.build();
    }

    private Discovery discovery() {
        Discovery.Builder discovery = Discovery.builder()
                .with(SecurityLevel.ATTRIBUTE, SecurityLevel.LOW)
                .with(Protection.ATTRIBUTE, atMost(5))
                .with(Metering.WEIGHT, SMART);
        if (settings.isOn(Setting.MORTISE_PROGRESSIVE)) {
            discovery.progressive(CORE);
        }
        return discovery.build();
    }

    private static Protection atMost(int seconds) {
        return Protection.builder().timeout(Duration.ofSeconds(seconds)).build();
    }
}
