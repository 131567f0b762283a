package dev.mortise.examples.production.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Point;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChartTest {
    @Test
    void eightSeriesAreNamedInsideThePicture() {
        List<Chart.Series> series = IntStream.range(0, 8)
                .mapToObj(i -> new Chart.Series("Wheat region " + i, List.of(1.0 * i)))
                .toList();
        Chart chart = new Chart(Chart.Form.BAR, "Crops", List.of("2026"), series);
        var pen = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
        for (int i = 0; i < 8; i++) {
            Point at = chart.legend().get(i);
            int width = pen.getFontMetrics(Chart.NAMES).stringWidth(Chart.name(series.get(i)));
            assertThat(at.x + 20 + width).as(series.get(i).name()).isLessThanOrEqualTo(Chart.WIDTH);
            assertThat(at.y).isBetween(Chart.HEIGHT / 2, Chart.HEIGHT);
        }
        assertThat(chart.legend()).doesNotHaveDuplicates();
        assertThat(chart.png()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.0003",
        "0.10001, 0.10004",
        "0, 0.00000002",
        "1000000000, 1000000005",
        "-3, 12",
        "0, 5e14",
        "1e-300, 2e-300"
    })
    void noTwoTicksReadAlike(double least, double most) {
        Scale scale = Scale.over(least, most);
        assertThat(scale.ticks().stream().map(scale::label))
                .hasSizeGreaterThan(2)
                .doesNotHaveDuplicates();
    }

    @Test
    void aTickHasNoMoreDigitsThanItNeeds() {
        assertThat(Scale.over(0, 10).label(2)).isEqualTo("2");
        assertThat(Scale.over(0, 1).label(0.2 + 0.4)).isEqualTo("0.6");
        assertThat(Scale.over(-1, 1).label(-1e-17)).isEqualTo("0");
        assertThat(Scale.over(0, 100_000).label(20_000)).isEqualTo("20000");
    }
}
