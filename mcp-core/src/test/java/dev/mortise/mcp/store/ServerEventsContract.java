package dev.mortise.mcp.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.server.ServerEvent;
import dev.mortise.mcp.server.ServerEvents;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What holds for all {@link ServerEvents}, between two replicas. */
@Timeout(60)
abstract class ServerEventsContract {
    StoreHome home;
    ServerEvents one;
    ServerEvents other;
    final List<ServerEvent> heardByOne = new CopyOnWriteArrayList<>();
    final List<ServerEvent> heardByOther = new CopyOnWriteArrayList<>();

    abstract StoreHome open();

    @BeforeEach
    void connect() {
        home = open();
        one = home.serverEvents();
        other = home.serverEvents();
        one.subscribe(heardByOne::add);
        other.subscribe(heardByOther::add);
        awaitConnection();
        heardByOne.clear();
        heardByOther.clear();
    }

    @AfterEach
    void closeHome() throws Exception {
        home.close();
    }

    /** Both ways are open, and nothing is on its way any more. */
    void awaitConnection() {
        Eventually.holds("one hears the other, and the other hears one", () -> {
            other.resourceUpdated("test:///connected-to-one");
            one.resourceUpdated("test:///connected-to-other");
            return heardByOne.contains(new ServerEvent.ResourceUpdated("test:///connected-to-one"))
                    && heardByOther.contains(new ServerEvent.ResourceUpdated("test:///connected-to-other"));
        });
        one.resourceUpdated("test:///last");
        other.resourceUpdated("test:///last-of-other");
        Eventually.holds(
                "nothing is on its way",
                () -> heardByOther.contains(new ServerEvent.ResourceUpdated("test:///last"))
                        && heardByOne.contains(new ServerEvent.ResourceUpdated("test:///last-of-other")));
    }

    @Test
    void everyKindReachesEverybodyOnceAndInOrder() {
        List<ServerEvent> events = List.of(
                new ServerEvent.ToolsChanged(),
                new ServerEvent.PromptsChanged(),
                new ServerEvent.ResourcesChanged(),
                new ServerEvent.ResourceUpdated("docs:///a?x=1#y"),
                new ServerEvent.ResourceUpdated("docs:///Übergröße/🙂/\"quoted\"'\\"),
                new ServerEvent.ResourceUpdated("docs:///" + "long".repeat(5_000)),
                new ServerEvent.TopicChanged("tasks", "Ünïcode 🙂"),
                new ServerEvent.ForTenant("acme", new ServerEvent.ToolsChanged()),
                new ServerEvent.ForTenant("Ünïcode 🙂", new ServerEvent.ResourceUpdated("docs:///a")),
                new ServerEvent.ForTenant(null, new ServerEvent.ResourcesChanged()),
                new ServerEvent.Missed());
        events.forEach(one::publish);
        Eventually.holds("the other has heard all", () -> heardByOther.size() >= events.size());
        assertThat(heardByOther).isEqualTo(events);
        assertThat(heardByOne).isEqualTo(events);
    }

    @Test
    void bothWays() {
        one.toolsChanged();
        Eventually.holds("told", () -> heardByOther.contains(new ServerEvent.ToolsChanged()));
        other.promptsChanged();
        Eventually.holds("told back", () -> heardByOne.contains(new ServerEvent.PromptsChanged()));
        assertThat(heardByOne).containsExactly(new ServerEvent.ToolsChanged(), new ServerEvent.PromptsChanged());
        assertThat(heardByOther).containsExactly(new ServerEvent.ToolsChanged(), new ServerEvent.PromptsChanged());
    }

    @Test
    void manyFromBothAtTheSameTimeAllArrive() throws Exception {
        List<ServerEvent> all = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            all.add(new ServerEvent.ResourceUpdated("test:///one/" + i));
            all.add(new ServerEvent.ResourceUpdated("test:///other/" + i));
        }
        Thread first = Thread.ofVirtual()
                .start(() -> all.stream()
                        .filter(event -> event.toString().contains("/one/"))
                        .forEach(one::publish));
        all.stream().filter(event -> event.toString().contains("/other/")).forEach(other::publish);
        first.join();
        Eventually.holds(
                "all have arrived", () -> heardByOne.size() >= all.size() && heardByOther.size() >= all.size());
        assertThat(heardByOne).containsExactlyInAnyOrderElementsOf(all);
        assertThat(heardByOther).containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    void aSubscriptionEnds() {
        List<ServerEvent> heard = new CopyOnWriteArrayList<>();
        ServerEvents.Subscription subscription = other.subscribe(heard::add);
        one.toolsChanged();
        Eventually.holds("told", () -> heard.size() == 1);
        subscription.close();
        one.promptsChanged();
        Eventually.holds("others are told", () -> heardByOther.size() == 2);
        assertThat(heard).hasSize(1);
    }

    @Test
    void aSubscriberThatFailsHarmsNobody() {
        other.subscribe(event -> {
            throw new IllegalStateException("on purpose");
        });
        one.toolsChanged();
        one.promptsChanged();
        Eventually.holds("the others are told", () -> heardByOther.size() == 2);
    }
}
