package dev.mortise.servlet.matrix;

import java.util.List;
import java.util.stream.Stream;

/** All operations, in the order in which they are done. What changes the server comes last. */
final class Script {
    static final List<Operation> OPERATIONS = Stream.of(
                    ServerOperations.ALL,
                    ToolOperations.ALL,
                    ReadOperations.ALL,
                    AskOperations.ALL,
                    LimitOperations.ALL,
                    ChangeOperations.ALL)
            .flatMap(List::stream)
            .toList();

    private Script() {}
}
