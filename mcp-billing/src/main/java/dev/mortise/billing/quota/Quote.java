package dev.mortise.billing.quota;

import dev.mortise.billing.meter.RefundPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a logical call is charged, as the core carries it from round to round and from replica to replica, sealed.
 *
 * @param held false while the user is asked: then this is only what the call will cost, and nothing is to be settled
 * @param reservation the id of what is held for this round
 * @param at when it was reserved
 */
record Quote(
        boolean held,
        String reservation,
        String tenant,
        Instant at,
        Map<String, Long> units,
        RefundPolicy refunds,
        String item,
        String actor) {
    private static final char BETWEEN = '\u001f';
    private static final String HELD = "held/1";
    private static final String QUOTED = "quoted/1";
    private static final char OF_METER = ':';
    private static final int FIELDS = 8;

    static Quote of(Reservation reservation, RefundPolicy refunds) {
        return new Quote(
                true,
                reservation.id(),
                reservation.tenant(),
                reservation.at(),
                reservation.units(),
                refunds,
                reservation.item(),
                reservation.actor());
    }

    Quote released() {
        return new Quote(false, reservation, tenant, at, units, refunds, item, actor);
    }

    String token() {
        StringBuilder token = new StringBuilder(256).append(held ? HELD : QUOTED);
        token.append(BETWEEN).append(reservation);
        token.append(BETWEEN).append(tenant);
        token.append(BETWEEN).append(at.toEpochMilli());
        token.append(BETWEEN);
        refunds.refunded().forEach(ending -> token.append(ending.name()).append(';'));
        refunds.byMeter().forEach((meter, endings) -> {
            token.append(meter).append(OF_METER);
            endings.forEach(ending -> token.append(ending.name()).append(','));
            token.append(';');
        });
        token.append(BETWEEN).append(item);
        token.append(BETWEEN).append(actor);
        token.append(BETWEEN);
        units.forEach(
                (meter, count) -> token.append(meter).append('=').append(count).append(';'));
        return token.toString();
    }

    /** The id of what is held, without a look at the rest; of a token that is none of ours, something else. */
    static String reservation(String token) {
        int from = token.indexOf(BETWEEN) + 1;
        int to = token.indexOf(BETWEEN, from);
        return to < 0 ? "" : token.substring(from, to);
    }

    /** @throws IllegalArgumentException if it is none of ours */
    static Quote parse(String token) {
        List<String> fields = split(token, BETWEEN);
        if (fields.size() != FIELDS || !List.of(HELD, QUOTED).contains(fields.getFirst())) {
            throw new IllegalArgumentException("Not the token of a charge");
        }
        Map<String, Long> units = new TreeMap<>();
        for (String each : split(fields.get(7), ';')) {
            int equals = each.indexOf('=');
            if (equals > 0) {
                units.put(each.substring(0, equals), Long.parseLong(each.substring(equals + 1)));
            }
        }
        return new Quote(
                fields.getFirst().equals(HELD),
                fields.get(1),
                fields.get(2),
                Instant.ofEpochMilli(Long.parseLong(fields.get(3))),
                units,
                refunds(fields.get(4)),
                fields.get(5),
                fields.get(6));
    }

    private static RefundPolicy refunds(String text) {
        Map<String, Set<RefundPolicy.Ending>> byMeter = new TreeMap<>();
        List<String> everywhere = new ArrayList<>();
        for (String each : split(text, ';')) {
            int colon = each.indexOf(OF_METER);
            if (colon > 0) {
                byMeter.put(each.substring(0, colon), endings(split(each.substring(colon + 1), ',')));
            } else {
                everywhere.add(each);
            }
        }
        return new RefundPolicy(endings(everywhere), byMeter);
    }

    private static Set<RefundPolicy.Ending> endings(List<String> names) {
        Set<RefundPolicy.Ending> endings = EnumSet.noneOf(RefundPolicy.Ending.class);
        names.stream().filter(name -> !name.isEmpty()).forEach(name -> endings.add(RefundPolicy.Ending.valueOf(name)));
        return endings;
    }

    private static List<String> split(String text, char at) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int to = text.indexOf(at); to >= 0; to = text.indexOf(at, from)) {
            parts.add(text.substring(from, to));
            from = to + 1;
        }
        parts.add(text.substring(from));
        return parts;
    }
}
