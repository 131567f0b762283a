package dev.mortise.billing.ledger;

import java.util.Optional;

/**
 * The id of an event that a process made for itself: the name that the process had in the ledger, a number that it has given
 * out once, and the meter. Written {@code name-number/meter}, the number in base 36.
 *
 * @param replica as in {@link Batch}
 * @param number at least 1
 */
public record EventNumber(String replica, long number, String meter) {
    private static final int RADIX = 36;

    /** The id without its meter, which all events of one charge share. */
    public static String charge(String replica, long number) {
        return replica + '-' + Long.toString(number, RADIX);
    }

    /** The id of the charge's event of this meter. */
    public static String id(String charge, String meter) {
        return charge + '/' + meter;
    }

    /** What an id stands for; empty if no process could have made it. */
    public static Optional<EventNumber> of(String id) {
        int slash = id.lastIndexOf('/');
        int hyphen = slash < 0 ? -1 : id.lastIndexOf('-', slash);
        if (hyphen < 1) {
            return Optional.empty();
        }
        String replica = id.substring(0, hyphen);
        String meter = id.substring(slash + 1);
        long number = number(id, replica, meter);
        return number < 1 ? Optional.empty() : Optional.of(new EventNumber(replica, number, meter));
    }

    /** The number in an id of this process and meter; 0 if it is another's. */
    public static long number(String id, String replica, String meter) {
        int from = replica.length() + 1;
        int to = id.length() - meter.length() - 1;
        if (to <= from
                || to - from > 12
                || id.charAt(from - 1) != '-'
                || id.charAt(to) != '/'
                || id.charAt(from) == '0'
                || !id.startsWith(replica)
                || !id.endsWith(meter)) {
            return 0;
        }
        long number = 0;
        for (int i = from; i < to; i++) {
            char c = id.charAt(i);
            int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'z' ? c - 'a' + 10 : -1;
            if (digit < 0) {
                return 0;
            }
            number = number * RADIX + digit;
        }
        return number;
    }
}
