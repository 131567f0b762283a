package dev.mortise.examples.faults;

import java.util.List;

/** What the shop depends on, as its health names it, and the calls that cannot be answered without it. */
enum Dependency {
    DATABASE("database", List.of(Probe.PLACE_ORDER, Probe.FIND_ORDER)),
    REDIS("redis", List.of(Probe.COUNT_VISIT, Probe.LEGACY_PRICE)),
    RATES("rates", List.of(Probe.CONVERT)),
    DISK("disk", List.of(Probe.WRITE_RECEIPT));

    private final String check;
    private final List<Probe> needing;

    Dependency(String check, List<Probe> needing) {
        this.check = check;
        this.needing = needing;
    }

    String check() {
        return check;
    }

    boolean isNeededBy(Probe probe) {
        return needing.contains(probe);
    }

    /** A call that is made over and over. */
    enum Probe {
        PRICE("price", "{\"count\":4}", "1000 cents"),
        /** The same from a client of an earlier revision, whose session is in Redis. */
        LEGACY_PRICE("price", "{\"count\":4}", "1000 cents"),
        PLACE_ORDER("place_order", "{\"product\":\"oak board\"}", "Order "),
        FIND_ORDER("find_order", "{\"number\":0}", "There is no such order."),
        COUNT_VISIT("count_visit", "{}", " visits"),
        /** Larger than what a disk has left that is nearly full. */
        WRITE_RECEIPT("write_receipt", "{\"text\":\"" + "x".repeat(20_000) + "\"}", "Written."),
        CONVERT("convert", "{\"cents\":100,\"currency\":\"CNY\"}", "780 CNY cents"),
        /** Does without the rates where it has to. */
        QUOTE("quote", "{\"cents\":100,\"currency\":\"CNY\"}", " cents");

        private final String tool;
        private final String arguments;
        private final String answer;

        Probe(String tool, String arguments, String answer) {
            this.tool = tool;
            this.arguments = arguments;
            this.answer = answer;
        }

        String tool() {
            return tool;
        }

        String arguments() {
            return arguments;
        }

        /** What is in the text of every result. */
        String answer() {
            return answer;
        }
    }
}
