package dev.mortise.examples.production.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.schema.Icon;
import dev.mortise.mcp.server.Tool;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

class ToolIconsTest {
    private static final String SVG = "http://www.w3.org/2000/svg";
    private static final List<String> ELEMENTS = List.of("svg", "path", "circle");
    private static final List<String> ATTRIBUTES =
            List.of("viewBox", "fill", "stroke", "stroke-width", "d", "cx", "cy", "r", "xmlns");
    /** What a picture needs beside what is around it (WCAG 2.2, 1.4.11). */
    private static final double CONTRAST = 3;

    @ParameterizedTest
    @EnumSource
    void eachIsASmallDrawingAndNothingElse(ToolGroup group) throws Exception {
        byte[] svg = group.svg();
        assertThat(svg).hasSizeLessThan(600);
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        Element root = factory.newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg))
                .getDocumentElement();
        assertThat(root.getLocalName()).isEqualTo("svg");
        assertThat(root.getAttribute("viewBox")).isEqualTo("0 0 24 24");
        NodeList elements = root.getElementsByTagName("*");
        IntStream.range(0, elements.getLength()).mapToObj(elements::item).forEach(ToolIconsTest::isHarmless);
        isHarmless(root);
        assertThat(contrast(root.getAttribute("stroke"), "#ffffff")).isGreaterThan(CONTRAST);
        assertThat(contrast(root.getAttribute("stroke"), "#1e1e1e")).isGreaterThan(CONTRAST);
    }

    private static void isHarmless(Node element) {
        assertThat(element.getNamespaceURI()).isEqualTo(SVG);
        assertThat(element.getLocalName()).isIn(ELEMENTS);
        for (int i = 0; i < element.getAttributes().getLength(); i++) {
            assertThat(element.getAttributes().item(i).getNodeName()).isIn(ATTRIBUTES);
        }
    }

    private static double contrast(String one, String other) {
        double a = luminance(one) + 0.05;
        double b = luminance(other) + 0.05;
        return Math.max(a, b) / Math.min(a, b);
    }

    private static double luminance(String colour) {
        double[] rgb = IntStream.of(1, 3, 5)
                .mapToDouble(i -> Integer.parseInt(colour.substring(i, i + 2), 16) / 255.0)
                .map(c -> c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4))
                .toArray();
        return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
    }

    @Test
    void aToolIsOfOneGroup() {
        List<String> all = Arrays.stream(ToolGroup.values())
                .flatMap(group -> group.tools().stream())
                .toList();
        assertThat(all).doesNotHaveDuplicates();
        assertThat(ToolGroup.OF).hasSize(all.size());
    }

    @Test
    void overHttpsTheyAreAtTheServersOwnOriginForGood() {
        McpServerBuilder builder = builder("https://mcp.example.com/mcp");
        try (McpServer server = builder.build()) {
            String src = icon(server).src();
            assertThat(src).matches("https://mcp\\.example\\.com/icons/time-[0-9a-f]{1,8}\\.svg");
            HttpRoute route = server.routes().stream()
                    .filter(each -> src.endsWith(each.path()))
                    .findFirst()
                    .orElseThrow();
            HttpRoute.Response response = route.handler().handle(new HttpRoute.Request(null, new byte[0]));
            assertThat(response.body()).isEqualTo(ToolGroup.TIME.svg());
            assertThat(response.contentType()).isEqualTo("image/svg+xml");
            assertThat(response.headers())
                    .containsEntry("Cache-Control", "public, max-age=31536000, immutable")
                    .containsEntry("Content-Security-Policy", "default-src 'none'; sandbox");
        }
    }

    @Test
    void elsewhereTheyStandInTheListSinceClientsRefuseHttp() {
        try (McpServer server = builder("http://127.0.0.1:4321/mcp").build()) {
            assertThat(icon(server).src())
                    .isEqualTo(
                            "data:image/svg+xml;base64," + Base64.getEncoder().encodeToString(ToolGroup.TIME.svg()));
            assertThat(server.routes()).isEmpty();
        }
    }

    private static McpServerBuilder builder(String resource) {
        return McpServer.builder("icons", "1")
                .tool(Tool.named("calculate").handle((in, call) -> "2"))
                .plugin(new ToolIcons(Optional.of(URI.create(resource))));
    }

    private static Icon icon(McpServer server) {
        try (McpClient client = McpClient.inMemory(server).connect()) {
            return client.tools().toList().getFirst().icons().getFirst();
        }
    }
}
