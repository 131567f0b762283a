package dev.mortise.billing.store;

import dev.mortise.billing.ledger.Spent;
import dev.mortise.billing.ledger.Window;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Charges of one process in their order, and the units that it gave up with them. Packed, each name is there once, and a
 * charge takes about fifteen bytes. Immutable.
 *
 * @param spent at most one for each window
 */
record Page(List<Charge> charges, List<Spent> spent) {
    private static final int FORM = 1;

    byte[] bytes() {
        Map<String, Integer> places = new HashMap<>();
        Packing names = new Packing();
        Packing rest = new Packing();
        rest.number(charges.size());
        long at = 0;
        for (Charge charge : charges) {
            rest.number(place(charge.tenant(), places, names));
            rest.number(place(charge.meter(), places, names));
            rest.number(place(charge.source(), places, names));
            rest.number(place(charge.item(), places, names));
            rest.number(place(charge.actor(), places, names));
            rest.number(charge.number());
            rest.number(charge.quantity());
            rest.difference(charge.at() - at);
            at = charge.at();
            rest.difference(charge.recordedAt() - at);
        }
        rest.number(spent.size());
        for (Spent each : spent) {
            rest.number(place(each.window().tenant(), places, names));
            rest.number(place(each.window().meter(), places, names));
            rest.difference(each.window().startsAt());
            rest.difference(each.window().endsAt());
            rest.number(each.units());
        }
        Packing all = new Packing();
        all.number(FORM);
        all.number(places.size());
        all.all(names);
        all.all(rest);
        return all.bytes();
    }

    private static int place(String name, Map<String, Integer> places, Packing names) {
        Integer known = places.get(name);
        if (known != null) {
            return known;
        }
        int place = places.size();
        places.put(name, place);
        names.text(name);
        return place;
    }

    /** @throws SQLException if these are not the bytes of a page */
    static Page read(byte[] bytes) throws SQLException {
        Unpacking in = new Unpacking(bytes);
        if (in.number() != FORM) {
            throw Unpacking.damaged();
        }
        String[] names = new String[in.count()];
        for (int i = 0; i < names.length; i++) {
            names[i] = in.text();
        }
        int count = in.count();
        List<Charge> charges = new ArrayList<>(count);
        long at = 0;
        for (int i = 0; i < count; i++) {
            String tenant = name(in, names);
            String meter = name(in, names);
            String source = name(in, names);
            String item = name(in, names);
            String actor = name(in, names);
            long number = in.number();
            long quantity = in.number();
            at += in.difference();
            charges.add(new Charge(tenant, meter, source, number, quantity, at, at + in.difference(), item, actor));
        }
        int windows = in.count();
        List<Spent> spent = new ArrayList<>(windows);
        for (int i = 0; i < windows; i++) {
            String tenant = name(in, names);
            String meter = name(in, names);
            long from = in.difference();
            spent.add(new Spent(new Window(tenant, meter, from, in.difference()), in.number()));
        }
        if (!in.isAtEnd()) {
            throw Unpacking.damaged();
        }
        return new Page(charges, spent);
    }

    private static String name(Unpacking in, String[] names) throws SQLException {
        long place = in.number();
        if (place < 0 || place >= names.length) {
            throw Unpacking.damaged();
        }
        return names[(int) place];
    }
}
