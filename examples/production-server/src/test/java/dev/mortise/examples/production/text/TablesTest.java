package dev.mortise.examples.production.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TablesTest {
    private static Tables.Found in(String rows) {
        return Tables.in("<table>" + rows + "</table>", Format.HTML);
    }

    @Test
    void aCellThatReachesDownKeepsTheColumnsBelowIt() {
        Table table = in("<tr><th rowspan=2>Region<th colspan=2>Sales<tr><th>2025<th>2026"
                        + "<tr><td rowspan=2>North<td>1<td>2<tr><td>3<td rowspan=0>4<tr><td>South<td>5")
                .tables()
                .getFirst();
        assertThat(table.headers()).containsExactly("Region", "Sales", "");
        assertThat(table.rows()).hasToString("[[, 2025, 2026], [North, 1, 2], [, 3, 4], [South, 5, ]]");
    }

    @Test
    void aCellIsWideAndReachesDownAtOnceButNotOutOfItsSection() {
        Table table = in("<tbody><tr><td rowspan=9 colspan=2>a<td>b<tr><td>c</tbody><tbody><tr><td>d<td>e<td>f</tbody>")
                .tables()
                .getFirst();
        assertThat(table.rows()).hasToString("[[, , c], [d, e, f]]");
    }

    @Test
    void whatIsLeftOutIsSaid() {
        assertThat(in("<tr><td>a").cut()).isFalse();
        assertThat(in("<tr>" + "<td>a".repeat(201)).cut()).isTrue();
        assertThat(in("<tr><td>a".repeat(10_002)).cut()).isTrue();
        assertThat(Tables.in("<table><tr><td>a</table>".repeat(101), Format.HTML)
                        .cut())
                .isTrue();
        assertThat(in("<tr><td rowspan=99999 colspan=99999>a".repeat(50)).tables())
                .hasSize(1);
    }
}
