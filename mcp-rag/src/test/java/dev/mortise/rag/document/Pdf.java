package dev.mortise.rag.document;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.DeflaterOutputStream;

/** Writes the smallest PDF that says something (ISO 32000, annex H.3). */
public final class Pdf {
    private Pdf() {}

    public static String of(String text) {
        return with("", "BT /F1 24 Tf 72 720 Td (" + text + ") Tj ET");
    }

    /** With this many spaces on its page, packed as often as this. In ISO 8859-1. */
    public static String bomb(int spaces, int filters) throws Exception {
        byte[] content = " ".repeat(spaces).getBytes(StandardCharsets.ISO_8859_1);
        for (int filter = 0; filter < filters; filter++) {
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (DeflaterOutputStream deflater = new DeflaterOutputStream(packed)) {
                deflater.write(content);
            }
            content = packed.toByteArray();
        }
        return with(
                "/Filter [" + "/FlateDecode ".repeat(filters) + "] ", new String(content, StandardCharsets.ISO_8859_1));
    }

    private static String with(String filter, String content) {
        List<String> objects = List.of(
                "<< /Type /Catalog /Pages 2 0 R >>",
                "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
                        + " /Resources << /Font << /F1 5 0 R >> >> >>",
                "<< " + filter + "/Length " + content.length() + " >>\nstream\n" + content + "\nendstream",
                "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
        StringBuilder pdf = new StringBuilder("%PDF-1.4\n");
        List<Integer> offsets = new ArrayList<>();
        for (int at = 0; at < objects.size(); at++) {
            offsets.add(pdf.length());
            pdf.append(at + 1).append(" 0 obj\n").append(objects.get(at)).append("\nendobj\n");
        }
        int table = pdf.length();
        pdf.append("xref\n0 ").append(objects.size() + 1).append("\n0000000000 65535 f \n");
        offsets.forEach(offset -> pdf.append("%010d 00000 n \n".formatted(offset)));
        return pdf.append("trailer\n<< /Size ")
                .append(objects.size() + 1)
                .append(" /Root 1 0 R >>\nstartxref\n")
                .append(table)
                .append("\n%%EOF\n")
                .toString();
    }
}
