package dev.mortise.billing.period;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class BillingCycleTest {
    private static final List<String> ZONES = List.of(
            "UTC",
            "Europe/Berlin",
            "America/New_York",
            "Asia/Shanghai",
            "Australia/Lord_Howe",
            "Pacific/Apia",
            "America/Sao_Paulo",
            "Africa/Casablanca",
            "+05:45");

    private static BillingCycle cycle(String anchor, String zone) {
        return new BillingCycle(LocalDateTime.parse(anchor), ZoneId.of(zone), 1);
    }

    private static List<String> boundaries(BillingCycle cycle, int count) {
        return java.util.stream.LongStream.range(0, count)
                .mapToObj(cycle::boundary)
                .map(at -> at.atZone(cycle.zone()).toOffsetDateTime().toString())
                .toList();
    }

    @Example
    void theEndOfAMonthComesBack() {
        assertThat(boundaries(cycle("2027-01-31T10:00:00", "UTC"), 5))
                .containsExactly(
                        "2027-01-31T10:00Z",
                        "2027-02-28T10:00Z",
                        "2027-03-31T10:00Z",
                        "2027-04-30T10:00Z",
                        "2027-05-31T10:00Z");
        assertThat(boundaries(cycle("2028-01-31T00:00:00", "UTC"), 2).getLast()).startsWith("2028-02-29");
    }

    @Example
    void aYearFromALeapDayIsTheLastOfFebruary() {
        BillingCycle years = new BillingCycle(LocalDateTime.parse("2028-02-29T00:00:00"), ZoneId.of("UTC"), 12);
        assertThat(boundaries(years, 5))
                .containsExactly(
                        "2028-02-29T00:00Z",
                        "2029-02-28T00:00Z",
                        "2030-02-28T00:00Z",
                        "2031-02-28T00:00Z",
                        "2032-02-29T00:00Z");
    }

    @Example
    void anHourThatIsSkippedIsLaterAndOneThatComesTwiceCountsAtFirst() {
        // 2027-03-28: 02:00 becomes 03:00 in Berlin. 2027-10-31: 03:00 becomes 02:00.
        assertThat(boundaries(cycle("2027-02-28T02:30:00", "Europe/Berlin"), 3))
                .containsExactly("2027-02-28T02:30+01:00", "2027-03-28T03:30+02:00", "2027-04-28T02:30+02:00");
        assertThat(boundaries(cycle("2027-08-31T02:30:00", "Europe/Berlin"), 4))
                .containsExactly(
                        "2027-08-31T02:30+02:00",
                        "2027-09-30T02:30+02:00",
                        "2027-10-31T02:30+02:00",
                        "2027-11-30T02:30+01:00");
    }

    @Example
    void monthsWithAChangeOfTheClockAreAnHourLongerOrShorter() {
        BillingCycle berlin = cycle("2027-03-01T00:00:00", "Europe/Berlin");
        assertThat(berlin.period(0).seconds()).isEqualTo(31 * 86_400 - 3_600);
        assertThat(berlin.period(7).seconds()).isEqualTo(31 * 86_400 + 3_600);
    }

    @Example
    void aDayThatNeverWasIsTheNext() {
        // Samoa went from 29 to 31 December 2011.
        assertThat(boundaries(cycle("2011-11-30T12:00:00", "Pacific/Apia"), 3))
                .containsExactly("2011-11-30T12:00-10:00", "2011-12-31T12:00+14:00", "2012-01-30T12:00+14:00");
    }

    @Provide
    Arbitrary<BillingCycle> cycles() {
        Arbitrary<LocalDateTime> anchors = Arbitraries.longs()
                .between(0, 4_000_000_000L)
                .map(second -> LocalDateTime.ofEpochSecond(second, 0, java.time.ZoneOffset.UTC));
        return net.jqwik.api.Combinators.combine(anchors, Arbitraries.of(ZONES), Arbitraries.of(1, 1, 1, 3, 12))
                .as((anchor, zone, months) -> new BillingCycle(anchor, ZoneId.of(zone), months));
    }

    @Property
    void periodsFollowEachOtherWithoutGaps(
            @ForAll("cycles") BillingCycle cycle, @ForAll @IntRange(max = 400) int number) {
        assertThat(cycle.period(number).end())
                .isEqualTo(cycle.period(number + 1L).start());
        assertThat(cycle.period(number).seconds()).isGreaterThan(26L * 86_400);
    }

    @Property
    void everyInstantIsInOnePeriod(
            @ForAll("cycles") BillingCycle cycle, @ForAll @LongRange(min = 0, max = 5_000_000_000_000L) long millis) {
        Instant at = Instant.ofEpochMilli(millis);
        long number = cycle.numberAt(at);
        assertThat(cycle.period(number).contains(at)).isTrue();
        assertThat(cycle.period(number - 1).contains(at)).isFalse();
        assertThat(cycle.period(number + 1).contains(at)).isFalse();
    }

    @Property
    void aBoundaryBelongsToWhatBegins(
            @ForAll("cycles") BillingCycle cycle, @ForAll @IntRange(min = -100, max = 400) int number) {
        assertThat(cycle.numberAt(cycle.boundary(number))).isEqualTo(number);
        assertThat(cycle.numberAt(cycle.boundary(number).minusMillis(1))).isEqualTo(number - 1);
    }

    @Example
    void whatIsOutOfRangeIsSaid() {
        assertThatIllegalArgumentException().isThrownBy(() -> cycle("2027-01-01T00:00:00.5", "UTC"));
        assertThatIllegalArgumentException().isThrownBy(() -> cycle("1969-01-01T00:00:00", "UTC"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BillingCycle(LocalDateTime.parse("2027-01-01T00:00:00"), ZoneId.of("UTC"), 0));
        Instant now = Instant.parse("2027-01-01T00:00:00Z");
        assertThatIllegalArgumentException().isThrownBy(() -> new Period(now, now));
        assertThatIllegalArgumentException().isThrownBy(() -> new Period(now, now.plusMillis(1500)));
    }
}
