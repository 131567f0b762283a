package dev.mortise.mcp.server;

import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.schema.ResourceContents;
import java.util.List;

/** How the reading of a resource ended. */
public sealed interface ResourceOutcome {
    /** What it holds: usually one part, several for something like a folder. */
    record Found(List<ResourceContents> contents) implements ResourceOutcome {
        public Found {
            contents = List.copyOf(contents);
            if (contents.isEmpty()) {
                throw new IllegalArgumentException("A resource that is there has contents, an empty text at least;"
                        + " for one that is not there return ResourceOutcome.notFound()");
            }
        }
    }

    /** There is no such resource, or not any more. */
    record NotFound() implements ResourceOutcome {}

    /** Something has to be asked first. */
    record Ask(List<Question<?>> questions) implements ResourceOutcome {
        public Ask {
            questions = List.copyOf(questions);
        }
    }

    record Refused(Refusal refusal) implements ResourceOutcome {}

    static ResourceOutcome found(ResourceContents... contents) {
        return new Found(List.of(contents));
    }

    static ResourceOutcome notFound() {
        return new NotFound();
    }

    static ResourceOutcome ask(Question<?>... questions) {
        return new Ask(List.of(questions));
    }

    static ResourceOutcome refused(Refusal refusal) {
        return new Refused(refusal);
    }
}
