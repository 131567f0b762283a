package dev.mortise.examples.production.settings;

/** All settings as a table: the page of the documentation, and a resource of the server. */
public final class SettingsPage {
    private SettingsPage() {}

    /** In Markdown, with what holds unless set. */
    public static String markdown() {
        StringBuilder page = new StringBuilder("# Settings\n\nEach is an environment variable. All are checked when the"
                + " server starts, and one that is not usable is named.\n\n| name | unless set | |\n|---|---|---|\n");
        for (Setting setting : Setting.values()) {
            page.append("| `").append(setting).append("` | ");
            page.append(setting.otherwise().isEmpty() ? "" : "`" + setting.otherwise() + "`");
            page.append(" | ").append(setting.meaning()).append(" |\n");
        }
        return page.toString();
    }

    /** In Markdown, with what holds now; of what is confidential only whether it is set. */
    public static String markdown(Settings settings) {
        StringBuilder page = new StringBuilder("| name | value |\n|---|---|\n");
        for (Setting setting : Setting.values()) {
            page.append("| `").append(setting).append("` | ");
            page.append(settings.shown(setting)).append(" |\n");
        }
        return page.toString();
    }
}
