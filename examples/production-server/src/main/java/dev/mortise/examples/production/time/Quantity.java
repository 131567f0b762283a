package dev.mortise.examples.production.time;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What units measure, and how many of the first unit each is, exactly by definition. */
@SuppressWarnings("ImmutableEnumChecker") // The map is given to nobody who could change it.
enum Quantity {
    LENGTH("m 1, km 1000, dm 0.1, cm 0.01, mm 0.001, um 0.000001, nm 0.000000001, in 0.0254, ft 0.3048, yd 0.9144,"
            + " mi 1609.344, nmi 1852, 里 500, 丈 10/3, 尺 1/3, 寸 1/30"),
    MASS("kg 1, g 0.001, mg 0.000001, t 1000, lb 0.45359237, oz 0.028349523125, st 6.35029318, ton_us 907.18474,"
            + " ton_uk 1016.0469088, gr 0.00006479891, ct 0.0002, oz_t 0.0311034768, 斤 0.5, 两 0.05"),
    AREA("m2 1, km2 1000000, cm2 0.0001, mm2 0.000001, ha 10000, acre 4046.8564224, ft2 0.09290304, in2 0.00064516,"
            + " yd2 0.83612736, mi2 2589988.110336, 亩 2000/3"),
    VOLUME("l 1, dl 0.1, cl 0.01, ml 0.001, m3 1000, cm3 0.001, in3 0.016387064, ft3 28.316846592, yd3 764.554857984,"
            + " gal_us 3.785411784, qt_us 0.946352946, pt_us 0.473176473, cup_us 0.2365882365, floz_us 0.0295735295625,"
            + " tbsp_us 0.01478676478125, tsp_us 0.00492892159375, gal_uk 4.54609, qt_uk 1.1365225, pt_uk 0.56826125,"
            + " floz_uk 0.0284130625"),
    TIME("s 1, ms 0.001, us 0.000001, ns 0.000000001, min 60, h 3600, day 86400, week 604800"),
    SPEED("m/s 1, km/h 5/18, mph 0.44704, kn 463/900, ft/s 0.3048"),
    DATA("B 1, bit 1/8, kB 1000, MB 1000000, GB 1000000000, TB 1000000000000, KiB 1024, MiB 1048576, GiB 1073741824,"
            + " TiB 1099511627776"),
    ENERGY("J 1, kJ 1000, MJ 1000000, Wh 3600, kWh 3600000, MWh 3600000000, cal 4.184, kcal 4184, BTU 1055.05585262"),
    PRESSURE("Pa 1, kPa 1000, hPa 100, MPa 1000000, bar 100000, mbar 100, atm 101325, psi 4.4482216152605/0.00064516,"
            + " mmHg 133.322387415, inHg 3386.388640341"),
    POWER("W 1, kW 1000, MW 1000000, hp 745.69987158227022, PS 735.49875"),
    /** Its units do not begin at the same zero; see {@link Units}. */
    TEMPERATURE("K 1, °C 1, °F 5/9");

    private final Map<String, Factor> units = new LinkedHashMap<>();

    Quantity(String units) {
        for (String unit : units.split(",\\s*", -1)) {
            String[] parts = unit.split(" ", -1);
            String[] factor = parts[1].split("/", -1);
            this.units.put(
                    parts[0],
                    new Factor(
                            new BigDecimal(factor[0]),
                            factor.length == 1 ? BigDecimal.ONE : new BigDecimal(factor[1])));
        }
    }

    /** A fraction, since some units are thirds. */
    record Factor(BigDecimal numerator, BigDecimal denominator) {}

    Map<String, Factor> units() {
        return Collections.unmodifiableMap(units);
    }
}
