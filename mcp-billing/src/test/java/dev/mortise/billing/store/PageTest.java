package dev.mortise.billing.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.billing.ledger.Spent;
import dev.mortise.billing.ledger.Window;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PageTest {
    @Provide
    Arbitrary<Charge> charges() {
        Arbitrary<String> names = Arbitraries.of("acme", "api_calls", "", "工具", "a".repeat(400));
        Arbitrary<Long> counts = Arbitraries.longs().between(1, Long.MAX_VALUE);
        return Combinators.combine(names, names, names, counts, counts, Arbitraries.longs(), Arbitraries.longs(), names)
                .as((tenant, item, actor, number, quantity, at, recordedAt, source) ->
                        new Charge(tenant, "m", source, number, quantity, at, recordedAt, item, actor));
    }

    @Property(tries = 200)
    void aPageIsReadAsItWasWritten(@ForAll List<@From("charges") Charge> charges) throws SQLException {
        Page page = new Page(
                charges, List.of(new Spent(Window.always("acme", "m"), 7), new Spent(new Window("t", "m", -5, 9), 1)));
        assertThat(Page.read(page.bytes())).isEqualTo(page);
    }

    @Test
    void whatIsCutOffIsNoPage() {
        byte[] whole = new Page(
                        List.of(new Charge("acme", "m", "mcp", 1, 2, 3, 4, "tool", "ann")),
                        List.of(new Spent(Window.always("acme", "m"), 7)))
                .bytes();
        for (int length = 0; length < whole.length; length++) {
            byte[] some = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> Page.read(some)).isInstanceOf(SQLException.class);
        }
        assertThatThrownBy(() -> Page.read(Arrays.copyOf(whole, whole.length + 1)))
                .isInstanceOf(SQLException.class);
    }

    @Test
    void aChargeTakesFewBytes() {
        Charge first =
                new Charge("acme", "api_calls", "mcp", 100_000, 1, 1_770_000_000_000L, 1_770_000_000_000L, "t", "a");
        Charge second =
                new Charge("acme", "api_calls", "mcp", 100_001, 1, 1_770_000_000_002L, 1_770_000_000_002L, "t", "a");
        int one = new Page(List.of(first), List.of()).bytes().length;
        int two = new Page(List.of(first, second), List.of()).bytes().length;
        assertThat(two - one).isLessThanOrEqualTo(12);
    }
}
