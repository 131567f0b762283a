package dev.mortise.examples.production.time;

import dev.mortise.examples.production.tool.CannotAnswer;
import dev.mortise.examples.production.tool.ToolText;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Days and the business ones among them, and the texts that they come as. */
final class Calendar {
    private static final int FIRST = 1600;
    private static final int LAST = 9999;

    private Calendar() {}

    /** A date, or a date and time, without a zone. */
    static LocalDateTime dateTime(String text) throws CannotAnswer {
        try {
            LocalDateTime time = text.contains("T")
                    ? LocalDateTime.parse(text)
                    : LocalDate.parse(text).atStartOfDay();
            if (time.getYear() < FIRST || time.getYear() > LAST) {
                throw new CannotAnswer(ToolText.YEARS_BETWEEN, FIRST, LAST);
            }
            return time;
        } catch (DateTimeException e) {
            throw new CannotAnswer(ToolText.NO_DATE, text);
        }
    }

    static ZoneId zone(String name) throws CannotAnswer {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new CannotAnswer(ToolText.NO_ZONE, name);
        }
    }

    static Set<LocalDate> days(List<String> texts) throws CannotAnswer {
        Set<LocalDate> days = new HashSet<>();
        for (String text : texts) {
            days.add(dateTime(text).toLocalDate());
        }
        return days;
    }

    static boolean isBusinessDay(LocalDate day, Set<LocalDate> holidays) {
        return day.getDayOfWeek() != DayOfWeek.SATURDAY
                && day.getDayOfWeek() != DayOfWeek.SUNDAY
                && !holidays.contains(day);
    }

    /** So many business days later, or earlier if negative. */
    static LocalDateTime addBusinessDays(LocalDateTime from, int days, Set<LocalDate> holidays) {
        LocalDateTime day = from;
        for (int left = Math.abs(days); left > 0; ) {
            day = day.plusDays(Integer.signum(days));
            if (isBusinessDay(day.toLocalDate(), holidays)) {
                left--;
            }
        }
        return day;
    }

    /** From the first, inclusive, to the second, exclusive; negative if the second is earlier. */
    static long businessDays(LocalDate from, LocalDate to, Set<LocalDate> holidays) {
        if (to.isBefore(from)) {
            return -businessDays(to, from, holidays);
        }
        long days = to.toEpochDay() - from.toEpochDay();
        // Whole weeks have five of them; so a thousand years take no longer than a week.
        long count = days / 7 * 5;
        for (LocalDate day = to.minusDays(days % 7); day.isBefore(to); day = day.plusDays(1)) {
            count += isBusinessDay(day, Set.of()) ? 1 : 0;
        }
        long free = holidays.stream()
                .filter(day -> !day.isBefore(from) && day.isBefore(to) && isBusinessDay(day, Set.of()))
                .count();
        return count - free;
    }
}
