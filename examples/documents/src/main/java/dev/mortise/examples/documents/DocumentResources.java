package dev.mortise.examples.documents;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.schema.Annotations;
import dev.mortise.mcp.schema.TextResourceContents;
import dev.mortise.mcp.server.Completer;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceCall;
import dev.mortise.mcp.server.ResourceOutcome;
import dev.mortise.mcp.server.ResourceTemplate;
import dev.mortise.mcp.server.Source;
import dev.mortise.security.SecurityLevel;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The documents as resources, straight from the disk: nothing is copied, so nothing can be out of date. */
final class DocumentResources implements Source<Resource> {
    private final DocumentFolder folder;

    DocumentResources(DocumentFolder folder) {
        this.folder = folder;
    }

    @Override
    public List<Resource> list(Caller caller, @Nullable String after, int limit) {
        var documents = folder.scan().documents();
        return (after == null ? documents : documents.tailMap(after, false))
                .values().stream()
                        .flatMap(document -> resource(document).stream())
                        .limit(limit)
                        .toList();
    }

    @Override
    public Optional<Resource> find(Caller caller, String uri) {
        return DocumentName.ofUri(uri)
                .filter(name -> name.uri().equals(uri))
                .flatMap(folder::find)
                .flatMap(this::resource);
    }

    private Optional<Resource> resource(Document document) {
        DocumentName name = document.name();
        return folder.head(name)
                .map(head -> Resource.at(name.uri(), name.value())
                        .title(Headings.title(name, head))
                        .mimeType(name.mimeType())
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.LOW)
                        .size(document.size())
                        .annotations(Annotations.builder()
                                .lastModified(document.modified())
                                .build())
                        .read(call -> read(folder, call, name)));
    }

    /** For clients that make a URI from the name of a document. The list has the same documents. */
    static ResourceTemplate template(DocumentFolder folder) {
        return ResourceTemplate.at(DocumentName.TEMPLATE, "document")
                .with(SecurityLevel.ATTRIBUTE, SecurityLevel.LOW)
                .title("A document by its name")
                .description("path is a name as list_documents gives it, such as guide/setup.md")
                .complete("path", names(folder))
                .read(call -> {
                    Optional<DocumentName> name = DocumentName.of(call.variable("path"));
                    return name.isPresent() ? read(folder, call, name.get()) : ResourceOutcome.notFound();
                });
    }

    private static ResourceOutcome read(DocumentFolder folder, ResourceCall call, DocumentName name)
            throws IOException {
        return folder.text(name)
                .map(text -> ResourceOutcome.found(
                        TextResourceContents.of(call.uri(), text).withMimeType(name.mimeType())))
                .orElseGet(ResourceOutcome::notFound);
    }

    /** Suggests names that contain what was typed; first those that begin with it. */
    static Completer names(DocumentFolder folder) {
        return call -> {
            String typed = call.value().toLowerCase(Locale.ROOT);
            return folder.documents().stream()
                    .map(document -> document.name().value())
                    .filter(name -> name.toLowerCase(Locale.ROOT).contains(typed))
                    .sorted(Comparator.comparing(
                            (String name) -> !name.toLowerCase(Locale.ROOT).startsWith(typed)))
                    .toList();
        };
    }
}
