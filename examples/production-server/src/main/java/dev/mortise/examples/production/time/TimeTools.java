package dev.mortise.examples.production.time;

import dev.mortise.examples.production.tool.CannotAnswer;
import dev.mortise.examples.production.tool.ToolKind;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.json.Bounds;
import dev.mortise.mcp.json.DefaultValue;
import dev.mortise.mcp.json.Description;
import dev.mortise.mcp.json.Length;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What models get wrong by guessing: what time it is, and what lies between two dates. */
public final class TimeTools implements McpServer.Plugin {
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    static final String HOLIDAYS = "Days that are no business days, such as 2026-12-25, beside weekends";

    private final Clock clock;

    public TimeTools(Clock clock) {
        this.clock = clock;
    }

    record Zones(
            @Description("Time zones, such as Europe/Berlin, Asia/Shanghai or UTC")
            @DefaultValue("[\"UTC\"]")
            @Length(min = 1, max = 20)
            List<String> zones) {}

    record Moment(
            String zone,
            @Description("With the offset from UTC") String time,
            String weekday,
            @Description("Of the ISO calendar") int week) {}

    record Moments(List<Moment> times) {}

    /** What can be added. */
    enum Step {
        YEARS,
        MONTHS,
        WEEKS,
        DAYS,
        BUSINESS_DAYS,
        HOURS,
        MINUTES
    }

    record Add(
            @Description("A date such as 2026-11-22, or with a time: 2026-11-22T14:30") @Length(max = 40)
            String date,

            @Description("How many; negative for earlier") @Bounds(min = -100_000, max = 100_000)
            int amount,

            Step unit,

            @Description("In which hours and minutes are counted, because of daylight saving time")
            @DefaultValue("UTC")
            @Length(max = 60)
            String zone,

            @Description(HOLIDAYS) @DefaultValue("[]") @Length(max = 1_000)
            List<String> holidays) {}

    record Day(
            String date,
            String weekday,
            @Description("Of the ISO calendar") int week,
            boolean businessDay) {}

    record Between(
            @Description("A date such as 2026-11-22, or with a time") @Length(max = 40)
            String from,

            @Length(max = 40) String to,
            @DefaultValue("UTC") @Length(max = 60) String zone,

            @Description(HOLIDAYS) @DefaultValue("[]") @Length(max = 1_000)
            List<String> holidays) {}

    record Span(
            @Description("As years, months and days, and hours, minutes and seconds (ISO 8601)")
            String period,

            @Description("Whole ones, in all") long days,
            @Description("Whole ones, in all") long hours,
            @Description("Whole ones, in all") long minutes,

            @Description("From the first, inclusive, to the second, exclusive")
            long businessDays) {}

    @Override
    public void install(McpServerBuilder builder) {
        builder.tool(ToolKind.COMPUTES
                        .named("current_time", "Current time", TIMEOUT)
                        .description(
                                "Tells date, time, weekday and week now, in one or several time zones. Use it whenever"
                                        + " \"today\" or \"now\" matters; you do not know it otherwise.")
                        .takes(Zones.class)
                        .gives(Moments.class)
                        .by((in, call) -> now(in)))
                .tool(ToolKind.COMPUTES
                        .named("add_to_date", "Add to a date", TIMEOUT)
                        .description(
                                "Adds years, months, weeks, days, business days, hours or minutes to a date. The 31st"
                                        + " plus a month is the last day of that month.")
                        .takes(Add.class)
                        .gives(Day.class)
                        .by((in, call) -> add(in)))
                .tool(ToolKind.COMPUTES
                        .named("date_difference", "Between two dates", TIMEOUT)
                        .description(
                                "Tells what lies between two dates or times: years, months and days, and in all days, hours,"
                                        + " minutes, and business days.")
                        .takes(Between.class)
                        .gives(Span.class)
                        .by((in, call) -> between(in)));
    }

    private Moments now(Zones in) throws CannotAnswer {
        List<Moment> moments = new ArrayList<>();
        for (String zone : in.zones()) {
            ZonedDateTime now = clock.instant().atZone(Calendar.zone(zone)).truncatedTo(ChronoUnit.SECONDS);
            moments.add(new Moment(
                    zone,
                    DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(now),
                    now.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH),
                    now.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR)));
        }
        return new Moments(moments);
    }

    private static Day add(Add in) throws CannotAnswer {
        var holidays = Calendar.days(in.holidays());
        LocalDateTime from = Calendar.dateTime(in.date());
        ZonedDateTime zoned = from.atZone(Calendar.zone(in.zone()));
        LocalDateTime to = switch (in.unit()) {
            case YEARS -> from.plusYears(in.amount());
            case MONTHS -> from.plusMonths(in.amount());
            case WEEKS -> from.plusWeeks(in.amount());
            case DAYS -> from.plusDays(in.amount());
            case BUSINESS_DAYS -> Calendar.addBusinessDays(from, in.amount(), holidays);
            case HOURS -> zoned.plusHours(in.amount()).toLocalDateTime();
            case MINUTES -> zoned.plusMinutes(in.amount()).toLocalDateTime();
        };
        boolean timed = in.date().contains("T") || in.unit() == Step.HOURS || in.unit() == Step.MINUTES;
        return new Day(
                timed ? to.toString() : to.toLocalDate().toString(),
                to.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH),
                to.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR),
                Calendar.isBusinessDay(to.toLocalDate(), holidays));
    }

    static Span between(Between in) throws CannotAnswer {
        LocalDateTime from = Calendar.dateTime(in.from());
        LocalDateTime to = Calendar.dateTime(in.to());
        var zone = Calendar.zone(in.zone());
        return new Span(
                period(from, to, zone),
                ChronoUnit.DAYS.between(from, to),
                ChronoUnit.HOURS.between(from.atZone(zone), to.atZone(zone)),
                ChronoUnit.MINUTES.between(from.atZone(zone), to.atZone(zone)),
                Calendar.businessDays(from.toLocalDate(), to.toLocalDate(), Calendar.days(in.holidays())));
    }

    /** Whole days by the calendar, and what is left of the last one by the clock. */
    private static String period(LocalDateTime from, LocalDateTime to, ZoneId zone) {
        // A day that has begun is not over before the time of the first.
        LocalDate last = to.toLocalDate();
        if (to.isAfter(from) && to.toLocalTime().isBefore(from.toLocalTime())) {
            last = last.minusDays(1);
        } else if (to.isBefore(from) && to.toLocalTime().isAfter(from.toLocalTime())) {
            last = last.plusDays(1);
        }
        Period days = Period.between(from.toLocalDate(), last);
        Duration rest = Duration.between(last.atTime(from.toLocalTime()).atZone(zone), to.atZone(zone));
        if (days.isZero() && !rest.isZero()) {
            return rest.toString();
        }
        return rest.isZero() ? days.toString() : days + rest.toString().substring(1);
    }
}
