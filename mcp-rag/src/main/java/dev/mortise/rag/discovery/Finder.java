package dev.mortise.rag.discovery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.mortise.mcp.app.Apps;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Language;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.extension.RunningServer;
import dev.mortise.mcp.server.Entry;
import dev.mortise.mcp.server.Prompt;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceTemplate;
import dev.mortise.mcp.server.Tool;
import dev.mortise.rag.discovery.Found.Match;
import dev.mortise.rag.discovery.SmallIndex.Hit;
import dev.mortise.rag.discovery.SmallIndex.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Finds entries for one caller. What that caller may see is asked each time, so that a grant that was taken away shows at
 * once; the index of it is kept as long as the answer stays the same, and callers who see the same share it.
 */
final class Finder {
    /** Entries in all indexes that are kept. */
    private static final int KEPT = 50_000;

    private static final int REASONS = 4;

    /** What use may add: about as much as one rare word of the request in the name. */
    private static final double USED = 2.5;

    private final Supplier<RunningServer> server;
    private final int most;
    private final UsageMemory usage;
    private final Language language;
    private final Thesaurus thesaurus = Thesaurus.general();
    private final Cache<Offer, SmallIndex> indexes = Caffeine.newBuilder()
            .maximumWeight(KEPT)
            .weigher((Offer offer, SmallIndex index) -> offer.entries().size() + 1)
            .build();
    private final LongAdder made = new LongAdder();

    Finder(Supplier<RunningServer> server, int most, UsageMemory usage, Language language) {
        this.server = server;
        this.most = most;
        this.usage = usage;
        this.language = language;
    }

    Found<Tool> tools(Caller caller, String request, int limit) {
        List<Tool> all = server.get().tools(caller, most + 1);
        List<Tool> usable = all.stream()
                .filter(tool -> !FinderTools.NAMES.contains(tool.key()))
                .filter(tool -> tool.get(Apps.VIEW).map(view -> view.forModel()).orElse(true))
                .toList();
        return find(caller, Target.Kind.TOOL, usable, all.size() > most, request, limit);
    }

    /** Resources and templates together. */
    Found<Entry> resources(Caller caller, String request, int limit) {
        List<Entry> all = new ArrayList<>(server.get().resourceTemplates(caller, most + 1));
        if (all.size() <= most) {
            all.addAll(server.get().resources(caller, most + 1 - all.size()));
        }
        return find(caller, Target.Kind.RESOURCE, all, all.size() > most, request, limit);
    }

    Found<Prompt> prompts(Caller caller, String request, int limit) {
        List<Prompt> all = server.get().prompts(caller, most + 1);
        return find(caller, Target.Kind.PROMPT, all, all.size() > most, request, limit);
    }

    private <T extends Entry> Found<T> find(
            Caller caller, Target.Kind kind, List<T> offered, boolean more, String request, int limit) {
        List<T> entries = more ? offered.subList(0, Math.min(most, offered.size())) : offered;
        Offer offer = Offer.of(entries);
        SmallIndex index = indexes.get(offer, this::index);
        Request asked = Request.of(request, thesaurus);
        Map<Integer, Scored> scored = new HashMap<>();
        for (Hit hit : index.search(asked)) {
            scored.put(hit.entry(), new Scored(hit.entry(), hit.score(), reasons(hit.reasons())));
        }
        UsageMemory.View remembered = usage.view(caller, asked);
        for (int i = 0; i < entries.size(); i++) {
            double share =
                    remembered.share(kind(kind, entries.get(i)), entries.get(i).key());
            if (share > 0) {
                scored.merge(i, used(i, share * USED), Scored::plus);
            }
        }
        List<Match<T>> matches = scored.values().stream()
                .sorted(Comparator.comparingDouble(Scored::score).reversed().thenComparingInt(Scored::entry))
                .limit(limit)
                .map(each -> new Match<>(entries.get(each.entry()), each.score(), each.why()))
                .toList();
        usage.found(
                caller,
                asked,
                matches.stream()
                        .map(match -> candidate(kind(kind, match.entry()), match.entry()))
                        .toList());
        return new Found<>(matches, entries.size(), more);
    }

    private static Target.Kind kind(Target.Kind kind, Entry entry) {
        return entry instanceof ResourceTemplate ? Target.Kind.RESOURCE_TEMPLATE : kind;
    }

    /** How often what was offered had changed. */
    long indexesMade() {
        return made.sum();
    }

    private static UsageMemory.Candidate candidate(Target.Kind kind, Entry entry) {
        UsageMemory.Key key = new UsageMemory.Key(kind, entry.key());
        return new UsageMemory.Candidate(
                key,
                entry instanceof ResourceTemplate template
                        ? used -> used.kind() == Target.Kind.RESOURCE
                                && template.match(used.name()).isPresent()
                        : key::equals);
    }

    private SmallIndex index(Offer offer) {
        made.increment();
        return new SmallIndex(offer.entries().stream().map(Finder::described).toList(), thesaurus);
    }

    private static Described described(Entry entry) {
        return switch (entry) {
            case Tool tool -> Described.of(tool.definition());
            case Resource resource -> Described.of(resource.definition());
            case ResourceTemplate template -> Described.of(template.definition());
            case Prompt prompt -> Described.of(prompt.definition());
        };
    }

    private List<String> reasons(List<Reason> reasons) {
        return reasons.stream()
                .limit(REASONS)
                .map(reason -> language.of(english(reason), chinese(reason)))
                .toList();
    }

    private static String english(Reason reason) {
        String where = reason.field().in(Language.ENGLISH);
        String asked = "\"" + reason.asked() + "\"";
        String found = "\"" + reason.found() + "\"";
        return switch (reason.how()) {
            case SAME_WORD -> asked + " is in the " + where;
            case SAME_MEANING -> asked + " means " + found + ", in the " + where;
            case MISSPELT -> asked + " is spelt much like " + found + ", in the " + where;
            case LOOK -> asked + " looks like " + look(reason, Language.ENGLISH) + "; " + found + " is in the " + where;
        };
    }

    private static String chinese(Reason reason) {
        String where = reason.field().in(Language.CHINESE);
        String asked = "“" + reason.asked() + "”";
        String found = "“" + reason.found() + "”";
        return switch (reason.how()) {
            case SAME_WORD -> where + "中有" + asked;
            case SAME_MEANING -> asked + "意为" + found + "，在" + where + "中";
            case MISSPELT -> asked + "的拼写与" + found + "相近，在" + where + "中";
            case LOOK -> asked + "看起来是" + look(reason, Language.CHINESE) + "；" + where + "中有" + found;
        };
    }

    private static String look(Reason reason, Language language) {
        return reason.look() == null ? "" : reason.look().in(language);
    }

    private Scored used(int entry, double score) {
        return new Scored(entry, score, List.of(language.of("used before for requests like this", "类似的请求曾用过它")));
    }

    private record Scored(int entry, double score, List<String> why) {
        Scored plus(Scored other) {
            List<String> all = new ArrayList<>(why);
            all.addAll(other.why());
            return new Scored(entry, score + other.score(), List.copyOf(all));
        }
    }

    /** What one caller may see. Entries that come from a source may be made anew each time: their definitions count. */
    private static final class Offer {
        private final List<Entry> entries;
        private final List<Object> described;
        private final int hash;

        private Offer(List<Entry> entries, List<Object> described, int hash) {
            this.entries = entries;
            this.described = described;
            this.hash = hash;
        }

        static Offer of(List<? extends Entry> entries) {
            int hash = 1;
            List<Object> described = new ArrayList<>(entries.size());
            for (Entry entry : entries) {
                hash = 31 * hash + entry.key().hashCode();
                described.add(definition(entry));
            }
            return new Offer(List.copyOf(entries), described, hash);
        }

        private static Object definition(Entry entry) {
            return switch (entry) {
                case Tool tool -> tool.definition();
                case Resource resource -> resource.definition();
                case ResourceTemplate template -> template.definition();
                case Prompt prompt -> prompt.definition();
            };
        }

        List<Entry> entries() {
            return entries;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Offer that && hash == that.hash && described.equals(that.described);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }
}
