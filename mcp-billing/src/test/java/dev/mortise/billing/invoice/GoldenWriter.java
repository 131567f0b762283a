package dev.mortise.billing.invoice;

final class GoldenWriter {
    private GoldenWriter() {}

    public static void main(String[] arguments) throws Exception {
        for (String language : new String[] {"en", "zh"}) {
            java.nio.file.Files.writeString(
                    java.nio.file.Path.of(arguments[0], "statement-" + language + ".html"),
                    StatementTest.statement(language).html());
            java.nio.file.Files.writeString(
                    java.nio.file.Path.of(arguments[0], "statement-" + language + ".csv"),
                    StatementTest.statement(language).csv().replace("\r\n", "␍␊\n"));
        }
    }
}
