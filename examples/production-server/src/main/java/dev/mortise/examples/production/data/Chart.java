package dev.mortise.examples.production.data;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.Point;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/** Draws series of numbers as lines or bars. */
final class Chart {
    /** What it is drawn as. */
    enum Form {
        LINE,
        BAR
    }

    record Series(String name, List<Double> values) {}

    // Told apart also by those who do not see all colours (Okabe and Ito).
    private static final int[] COLOURS = {0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x000000, 0x8A7A00
    };
    private static final int LEFT = 90;
    private static final int RIGHT = 24;
    private static final int TOP = 56;
    private static final int LINE = 20;
    static final int WIDTH = 960;
    static final int HEIGHT = 540;
    static final Font NAMES = new Font(Font.SANS_SERIF, Font.PLAIN, 13);

    private final Form form;
    private final String title;
    private final List<String> labels;
    private final List<Series> series;
    private final Scale scale;
    private final List<Point> legend;
    /** Where the axis is. */
    private final int bottom;

    Chart(Form form, String title, List<String> labels, List<Series> series) {
        this.form = form;
        this.title = title;
        this.labels = labels;
        this.series = series;
        this.legend = legend(series);
        this.bottom = legend.isEmpty() ? HEIGHT - 84 : legend.getFirst().y - 62;
        List<Double> all = series.stream().flatMap(one -> one.values().stream()).toList();
        double least = all.stream().mapToDouble(Double::doubleValue).min().orElse(0);
        double most = all.stream().mapToDouble(Double::doubleValue).max().orElse(1);
        // Bars that do not begin at zero lie about how much they are.
        this.scale =
                Scale.over(form == Form.BAR ? Math.min(0, least) : least, form == Form.BAR ? Math.max(0, most) : most);
    }

    byte[] png() {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = image.createGraphics();
        try {
            pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            pen.setColor(Color.WHITE);
            pen.fillRect(0, 0, WIDTH, HEIGHT);
            pen.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
            axes(pen);
            for (int i = 0; i < series.size(); i++) {
                pen.setColor(colour(i));
                if (form == Form.BAR) {
                    bars(pen, i);
                } else {
                    line(pen, series.get(i));
                }
            }
            words(pen);
        } finally {
            pen.dispose();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static Color colour(int index) {
        return new Color(COLOURS[index % COLOURS.length]);
    }

    private int y(double value) {
        return (int) Math.round(bottom - scale.share(value) * (bottom - TOP));
    }

    private double slot() {
        return (double) (WIDTH - LEFT - RIGHT) / labels.size();
    }

    private int middle(int index) {
        return (int) Math.round(LEFT + slot() * (index + 0.5));
    }

    private void axes(Graphics2D pen) {
        for (double tick : scale.ticks()) {
            pen.setColor(new Color(0xE0E0E0));
            pen.drawLine(LEFT, y(tick), WIDTH - RIGHT, y(tick));
            pen.setColor(Color.DARK_GRAY);
            String text = scale.label(tick);
            pen.drawString(text, LEFT - 8 - pen.getFontMetrics().stringWidth(text), y(tick) + 5);
        }
    }

    private void line(Graphics2D pen, Series one) {
        pen.setStroke(new BasicStroke(2.5f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        for (int i = 0; i < one.values().size(); i++) {
            int x = middle(i);
            int at = y(one.values().get(i));
            if (i > 0) {
                pen.drawLine(middle(i - 1), y(one.values().get(i - 1)), x, at);
            }
            if (labels.size() <= 60) {
                pen.fillOval(x - 4, at - 4, 8, 8);
            }
        }
    }

    private void bars(Graphics2D pen, int index) {
        double width = slot() * 0.8 / series.size();
        for (int i = 0; i < labels.size(); i++) {
            double value = series.get(index).values().get(i);
            int x = (int) Math.round(LEFT + slot() * (i + 0.1) + width * index);
            int top = Math.min(y(0), y(value));
            pen.fillRect(x, top, Math.max(1, (int) Math.round(width) - 1), Math.max(1, Math.abs(y(0) - y(value))));
        }
    }

    private void words(Graphics2D pen) {
        pen.setColor(Color.BLACK);
        pen.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 18));
        pen.drawString(cut(title, 90), LEFT, 32);
        pen.setFont(NAMES);
        // As many labels as find room beside each other.
        int every = (int) Math.ceil(labels.size() / 12.0);
        for (int i = 0; i < labels.size(); i += every) {
            String text = cut(labels.get(i), 14);
            pen.drawString(text, middle(i) - pen.getFontMetrics().stringWidth(text) / 2, bottom + 22);
        }
        for (int i = 0; i < series.size(); i++) {
            Point at = legend.get(i);
            pen.setColor(colour(i));
            pen.fillRect(at.x, at.y - 12, 14, 14);
            pen.setColor(Color.BLACK);
            pen.drawString(name(series.get(i)), at.x + 20, at.y);
        }
    }

    /** Where each series is named, below the labels, in as many lines as they need. */
    List<Point> legend() {
        return legend;
    }

    private static List<Point> legend(List<Series> series) {
        Graphics2D pen = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
        try {
            FontMetrics metrics = pen.getFontMetrics(NAMES);
            List<Point> places = new ArrayList<>();
            int x = LEFT;
            int y = 0;
            for (Series one : series) {
                int width = 20 + metrics.stringWidth(name(one));
                if (x > LEFT && x + width > WIDTH - RIGHT) {
                    x = LEFT;
                    y += LINE;
                }
                places.add(new Point(x, y));
                x += width + 24;
            }
            int last = y;
            places.forEach(place -> place.translate(0, HEIGHT - 22 - last));
            return places;
        } finally {
            pen.dispose();
        }
    }

    static String name(Series one) {
        return cut(one.name(), 24);
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - 1) + "…";
    }
}
