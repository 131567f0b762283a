package dev.mortise.examples.production;

import dev.mortise.examples.production.knowledge.IngestState;
import java.io.Console;
import java.io.PrintStream;

/** A bar on a terminal; elsewhere, such as in a log, a line for each tenth. */
final class Progress {
    private static final int WIDTH = 30;
    private static final int LONGEST = 200;

    private final PrintStream out;
    private final boolean terminal = isTerminal();
    private int tenths = -1;

    Progress(PrintStream out) {
        this.out = out;
    }

    /** From Java 22 on there is a console without a terminal, too, and it can be asked. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    void show(IngestState state) {
        if (state.finished() || state.total() == 0) {
            return;
        }
        int share = (int) (10L * state.done() / state.total());
        if (terminal) {
            int full = (int) ((long) WIDTH * state.done() / state.total());
            out.print("\r[" + "#".repeat(full) + ".".repeat(WIDTH - full) + "] " + state.done() + "/" + state.total()
                    + " " + shortened(state.latest()) + "\u001B[K");
            out.flush();
        } else if (share != tenths) {
            out.println(state.done() + "/" + state.total());
        }
        tenths = share;
    }

    private static String shortened(String name) {
        return name.codePoints()
                .filter(point -> !Character.isISOControl(point))
                .limit(LONGEST)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** @return the status to end with */
    int end(IngestState state) {
        if (terminal) {
            out.println();
        }
        if (!state.trouble().isEmpty()) {
            out.println("broken off: " + state.trouble());
            return 1;
        }
        state.failures().forEach(failure -> out.println("not taken in: " + shortened(failure)));
        out.println(state.stored() + " stored, " + state.unchanged() + " unchanged, " + state.removed() + " removed, "
                + state.failed() + " failed");
        return state.failed() == 0 ? 0 : 1;
    }
}
