package dev.mortise.examples.production.time;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What people call units, in English and Chinese. Of what differs between countries, the plain name is the
 * one of the US; a ton is none, since too many mean the metric one.
 */
final class UnitNames {
    /** The unit, and then its names in the singular; a plural in s needs none of its own. */
    private static final String NAMES = """
            m: meter, metre, 米
            km: kilometer, kilometre, 公里, 千米
            dm: decimeter, decimetre, 分米
            cm: centimeter, centimetre, 厘米
            mm: millimeter, millimetre, 毫米
            um: µm, μm, micrometer, micrometre, micron, 微米
            nm: nanometer, nanometre, 纳米
            in: inch, inches, 英寸
            ft: foot, feet, 英尺
            yd: yard, 码
            mi: mile, 英里
            nmi: nautical mile, 海里
            kg: kilogram, kilogramme, kilo, 公斤, 千克
            g: gram, gramme, 克
            mg: milligram, 毫克
            t: tonne, metric ton, 吨
            lb: lbs, pound, 磅
            oz: ounce, 盎司
            st: stone
            ton_us: us ton, short ton
            ton_uk: uk ton, long ton
            gr: grain
            ct: carat, 克拉
            oz_t: troy ounce, 金衡盎司
            m2: sqm, square meter, square metre, 平方米
            km2: square kilometer, square kilometre, 平方公里
            cm2: square centimeter, square centimetre, 平方厘米
            mm2: square millimeter, square millimetre, 平方毫米
            ha: hectare, 公顷
            acre: 英亩
            ft2: sq ft, sqft, square foot, square feet, 平方英尺
            in2: sq in, square inch, square inches, 平方英寸
            yd2: sq yd, square yard, 平方码
            mi2: sq mi, square mile, 平方英里
            l: L, liter, litre, 升
            dl: deciliter, decilitre
            cl: centiliter, centilitre
            ml: milliliter, millilitre, 毫升
            m3: cubic meter, cubic metre, 立方米
            cm3: cc, cubic centimeter, cubic centimetre, 立方厘米
            in3: cubic inch, cubic inches
            ft3: cubic foot, cubic feet
            yd3: cubic yard
            gal_us: gal, gallon, us gallon, 加仑
            qt_us: qt, quart, us quart
            pt_us: pt, pint, us pint
            cup_us: cup
            floz_us: fl oz, floz, fluid ounce, us fluid ounce
            tbsp_us: tbsp, tablespoon
            tsp_us: tsp, teaspoon
            gal_uk: uk gallon, imperial gallon
            qt_uk: uk quart, imperial quart
            pt_uk: uk pint, imperial pint
            floz_uk: uk fluid ounce, imperial fluid ounce
            s: sec, second, 秒
            ms: millisecond, 毫秒
            us: µs, μs, microsecond, 微秒
            ns: nanosecond, 纳秒
            min: minute, 分钟
            h: hr, hour, 小时
            day: d, 天
            week: 周
            km/h: kph, kmh, 公里/小时, 千米/小时
            mph: mi/h, mile per hour, miles per hour, 英里/小时
            m/s: 米/秒
            kn: kt, knot, 节
            B: byte, 字节
            bit: 比特
            kB: kilobyte
            MB: megabyte
            GB: gigabyte
            TB: terabyte
            KiB: kibibyte
            MiB: mebibyte
            GiB: gibibyte
            TiB: tebibyte
            J: joule, 焦耳
            kJ: kilojoule, 千焦
            MJ: megajoule, 兆焦
            Wh: watt hour, 瓦时
            kWh: kilowatt hour, 千瓦时
            MWh: megawatt hour, 兆瓦时
            cal: calorie, 卡
            kcal: kilocalorie, 千卡, 大卡
            Pa: pascal, 帕
            kPa: kilopascal, 千帕
            hPa: hectopascal, 百帕
            MPa: megapascal, 兆帕
            mbar: millibar, 毫巴
            atm: atmosphere, 大气压
            W: watt, 瓦
            kW: kilowatt, 千瓦
            MW: megawatt, 兆瓦
            hp: horsepower, 马力
            K: kelvin, 开尔文
            °C: C, celsius, degree celsius, degrees celsius, ℃, 摄氏度
            °F: F, fahrenheit, degree fahrenheit, degrees fahrenheit, ℉, 华氏度
            """;

    private static final Map<String, String> UNITS = new LinkedHashMap<>();
    private static final Map<String, List<String>> OF_UNIT = new LinkedHashMap<>();

    static {
        NAMES.lines().forEach(line -> {
            int end = line.indexOf(':');
            String unit = line.substring(0, end);
            List<String> names = List.of(line.substring(end + 1).strip().split(", ", -1));
            OF_UNIT.put(unit, names);
            names.forEach(name -> UNITS.put(plain(name), unit));
        });
    }

    private UnitNames() {}

    /** The unit that somebody means by a name, in whatever case, singular or plural. */
    static Optional<String> unit(String name) {
        String plain = plain(name);
        String unit = UNITS.get(plain);
        if (unit == null && plain.length() > 3 && plain.endsWith("s")) {
            unit = UNITS.get(plain.substring(0, plain.length() - 1));
        }
        return Optional.ofNullable(unit);
    }

    /** What a unit is called; nothing for one that has no name but its sign. */
    static List<String> of(String unit) {
        return OF_UNIT.getOrDefault(unit, List.of());
    }

    static Map<String, List<String>> all() {
        return OF_UNIT;
    }

    private static String plain(String name) {
        return name.strip().toLowerCase(Locale.ROOT).replaceAll("[\\s_-]+", " ");
    }
}
