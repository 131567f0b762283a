package dev.mortise.rag;

import dev.mortise.mcp.call.Language;
import dev.mortise.mcp.json.DefaultValue;
import dev.mortise.mcp.json.Description;
import dev.mortise.mcp.json.Length;
import dev.mortise.mcp.schema.ToolAnnotations;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolCall;
import dev.mortise.mcp.server.ToolOutcome;
import dev.mortise.mcp.task.TaskMode;
import dev.mortise.mcp.task.Tasks;
import dev.mortise.rag.document.DocumentSource;
import dev.mortise.rag.document.Format;
import dev.mortise.rag.ingest.IngestOutcome;
import dev.mortise.rag.ingest.IngestReport;
import dev.mortise.rag.internal.Marks;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.Tenant;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The tools that take documents in. */
final class IngestTools {
    record Document(
            @Length(min = 1, max = 256) @DefaultValue("default")
            String collection,

            @Description("The name of the document, unique in its collection, such as guide/start")
            @Length(min = 1, max = 2048)
            String document,

            @Description("The text. Give either text, or base64, or url") @Nullable
            String text,

            @Description("The bytes of a file, in base64") @Nullable
            String base64,

            @Description("Where to fetch it from, if this server fetches") @Nullable
            String url,

            @Description("Such as text/markdown or application/pdf; found out if left out") @Nullable
            String mediaType,

            @Nullable String title,
            @Description("For filters") @Nullable Map<String, String> metadata) {}

    record Stored(
            String uri,

            @Description("stored, replaced, or unchanged: it was there already, and nothing was done")
            String outcome,

            long version) {}

    record FolderRequest(
            @Description("Which folder of the server") @Length(min = 1, max = 256)
            String root,

            @Description("A folder below it, such as guides/2026; all of it if left out")
            @DefaultValue("")
            @Length(max = 2048)
            String path,

            @Length(min = 1, max = 256) @DefaultValue("default")
            String collection,

            @Description("Whether documents of the collection are deleted that have no file in the folder")
            @DefaultValue("false")
            boolean mirror) {}

    record Failure(String document, String reason, String message) {}

    record Report(
            @Description("New documents, and new versions") int stored,
            int unchanged,
            int removed,
            int failed,
            @Description("The first of those that failed") List<Failure> failures) {}

    private static final int SHOWN_FAILURES = 100;

    private final KnowledgeBase base;
    private final Map<String, Path> roots;
    private final boolean fetches;
    private final Marks marks;
    private final Language language;

    IngestTools(KnowledgeBase base, Map<String, Path> roots, boolean fetches, Marks marks, Language language) {
        this.base = base;
        this.roots = roots;
        this.fetches = fetches;
        this.marks = marks;
        this.language = language;
    }

    private static ToolAnnotations writing(boolean openWorld) {
        return ToolAnnotations.builder()
                .readOnly(false)
                .destructive(true)
                .idempotent(true)
                .openWorld(openWorld)
                .build();
    }

    Tool document() {
        return marks.on(
                        "ingest_document",
                        Tool.named("ingest_document")
                                .title(language.of("Take in a document", "收录文档"))
                                .description(language.of(
                                        "Puts one document into the knowledge base, in the place of the one with its"
                                                + " name if there is one. Takes " + formats(", ", " and ")
                                                + ", as text or"
                                                + " bytes"
                                                + (fetches ? ", or from a public web address" : "")
                                                + ". It can be found as soon as this returns.",
                                        "把一个文档收入知识库；同名文档会被替换。支持" + formats("、", "和")
                                                + "，以文本或字节提供" + (fetches ? "，也可从公开网址获取" : "")
                                                + "。返回之后即可查到。"))
                                .input(Document.class, Schemas.of(Document.class, language)))
                .outputSchema(Schemas.of(Stored.class, language))
                .annotations(writing(fetches))
                .handle(this::ingest);
    }

    /** What this knowledge base can read: PDF and Office where their parser was given. */
    private String formats(String separator, String last) {
        List<String> all = new ArrayList<>(List.of(language.of("text", "文本"), "Markdown", "HTML", "JSON"));
        if (base.reads(Format.PDF)) {
            all.add("PDF");
        }
        if (base.reads(Format.OFFICE)) {
            all.add(language.of("Office files", "Office 文件"));
        }
        return String.join(separator, all) + last + language.of("source code", "源代码");
    }

    private Object ingest(Document in, ToolCall call) throws InterruptedException {
        Optional<DocumentKey> key = KnowledgeUris.key(in.collection(), in.document());
        if (key.isEmpty()) {
            return failed("A name must not hold NUL or half a surrogate pair", "名称不得含有 NUL 或半个代理对");
        }
        if (Stream.of(in.text(), in.base64(), in.url())
                        .filter(given -> given != null)
                        .count()
                != 1) {
            return failed(
                    "Give either text, or base64, or url: one of them, and only one", "text、base64、url 三者必须且只能填一个");
        }
        Tenant tenant = Tenant.of(call.caller());
        if (in.url() != null) {
            return fetched(tenant, key.get(), in.url());
        }
        byte[] bytes;
        try {
            bytes = in.text() != null
                    ? in.text().getBytes(StandardCharsets.UTF_8)
                    : Base64.getDecoder().decode(String.valueOf(in.base64()));
        } catch (IllegalArgumentException e) {
            return failed("base64 is not valid Base64 (RFC 4648, section 4)", "base64 不是有效的 Base64（RFC 4648 第 4 节）");
        }
        DocumentSource source = DocumentSource.of(key.get(), bytes)
                .withFileName(in.document())
                .withMetadata(in.metadata() == null ? Map.of() : in.metadata());
        if (in.mediaType() != null) {
            source = source.withMediaType(in.mediaType());
        }
        if (in.title() != null) {
            source = source.withTitle(in.title());
        }
        return told(base.ingest(tenant, source));
    }

    private Object fetched(Tenant tenant, DocumentKey key, String url) throws InterruptedException {
        if (!fetches) {
            return failed(
                    "This server does not fetch documents: give the text, or the bytes as base64",
                    "本服务器不获取网页：请提供文本，或以 base64 提供字节");
        }
        try {
            return told(base.ingestUrl(tenant, key, URI.create(url)));
        } catch (IllegalArgumentException e) {
            return failed("url is not a web address", "url 不是有效的网址");
        }
    }

    private ToolOutcome failed(String english, String chinese) {
        return ToolOutcome.failed(language.of(english, chinese));
    }

    private Object told(IngestOutcome outcome) {
        return switch (outcome) {
            case IngestOutcome.Stored stored ->
                new Stored(KnowledgeUris.of(stored.key()), stored.replaced() ? "replaced" : "stored", stored.version());
            case IngestOutcome.Unchanged same -> new Stored(KnowledgeUris.of(same.key()), "unchanged", same.version());
            case IngestOutcome.Failed failed ->
                failed(
                        "The document was not taken in (" + failed.reason() + "): " + failed.message(),
                        "文档未被收录（" + failed.reason() + "）：" + inChinese(failed));
        };
    }

    /** What is wrong, and then in English where and how exactly: that comes from those who read the document. */
    private static String inChinese(IngestOutcome.Failed failed) {
        String what = switch (failed.reason()) {
            case TOO_LARGE -> "文档太大";
            case UNSUPPORTED -> "不支持这种格式";
            case BROKEN -> "文档已损坏，或与其格式不符";
            case ENCRYPTED -> "文档有密码保护";
            case EMPTY -> "文档中没有文字";
            case TIMED_OUT -> "读取文档超时";
            case UNREACHABLE -> "无法获取文档，或不允许从该处获取";
            case UNAVAILABLE -> "模型或存储暂不可用，请稍后再试";
        };
        return what + "（" + failed.message() + "）";
    }

    Tool folder() {
        return marks.on(
                        "ingest_folder",
                        Tool.named("ingest_folder")
                                .title(language.of("Take in a folder", "收录文件夹"))
                                .description(language.of(
                                        "Puts all documents of a folder of this server into the knowledge base, named"
                                                + " by their paths without the extension. What has not changed is left"
                                                + " alone; what cannot be read is reported, and the others go on."
                                                + " Folders: " + rootNames(", ") + ".",
                                        "把本服务器上一个文件夹中的所有文档收入知识库，以不带扩展名的路径命名。未变化的文档不作处理；" + "无法读取的会列出，其余照常收录。可用的文件夹："
                                                + rootNames("、") + "。"))
                                .input(FolderRequest.class, Schemas.of(FolderRequest.class, language)))
                .outputSchema(Schemas.of(Report.class, language))
                .annotations(writing(false))
                .with(Tasks.MODE, TaskMode.after(Duration.ofSeconds(2)))
                .handle(this::ingest);
    }

    private Object ingest(FolderRequest in, ToolCall call) throws InterruptedException, IOException {
        Path root = roots.get(in.root());
        if (root == null) {
            return failed(
                    "There is no folder \"" + in.root() + "\", only " + rootNames(", "),
                    "没有文件夹“" + in.root() + "”，只有：" + rootNames("、"));
        }
        Optional<Path> folder = below(root, in.path());
        if (folder.isEmpty() || KnowledgeUris.key(in.collection(), "x").isEmpty()) {
            return failed(
                    "There is no folder \"" + in.path() + "\" in " + in.root(),
                    in.root() + " 中没有文件夹“" + in.path() + "”");
        }
        IngestReport report = base.ingestFolder(
                Tenant.of(call.caller()),
                in.collection(),
                folder.get(),
                in.mirror(),
                (done, total, latest) ->
                        call.progress(done, (double) total, latest.key().document()));
        return new Report(
                report.stored(),
                report.unchanged(),
                report.removed(),
                report.failed(),
                report.failures().stream()
                        .limit(SHOWN_FAILURES)
                        .map(failed -> new Failure(
                                failed.key().document(),
                                failed.reason().toString(),
                                language.of(failed.message(), inChinese(failed))))
                        .toList());
    }

    private String rootNames(String separator) {
        return String.join(separator, new TreeSet<>(roots.keySet()));
    }

    /** A folder in a root, wherever its links lead. */
    private static Optional<Path> below(Path root, String path) {
        try {
            Path real = root.toRealPath();
            Path folder = real.resolve(path).toRealPath();
            return folder.startsWith(real) && Files.isDirectory(folder) ? Optional.of(folder) : Optional.empty();
        } catch (IOException | InvalidPathException e) {
            return Optional.empty();
        }
    }
}
