package dev.mortise.examples.production.billing;

import dev.mortise.billing.meter.Meter;
import dev.mortise.billing.quota.Admission;
import dev.mortise.billing.quota.Denial;
import dev.mortise.billing.quota.Quotas;
import dev.mortise.billing.quota.Request;
import dev.mortise.billing.quota.Reservation;
import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Interceptor;
import dev.mortise.mcp.call.Language;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.schema.CallToolResult;
import dev.mortise.rag.KnowledgeBase;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.DocumentRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Takes no document in for which the plan has no room. The bytes are held while the document is stored, so that many that
 * come at once are not let in together; what it really took is booked by {@link DocumentMeter}.
 */
final class StorageGate implements Interceptor {
    private static final Duration HELD = Duration.ofMinutes(2);

    private final Accounting accounting;
    private final Quotas quotas;
    private final KnowledgeBase base;

    StorageGate(Accounting accounting, KnowledgeBase base) {
        this.accounting = accounting;
        this.quotas = accounting.billing().quotas();
        this.base = base;
    }

    @Override
    public Outcome intercept(Call call, Chain chain) {
        accounting.know(Payer.of(call.caller()));
        String tool = call.target().name();
        if (call.target().kind() != Target.Kind.TOOL || !tool.startsWith("ingest_")) {
            return chain.proceed(call);
        }
        long bytes = growth(call);
        if (bytes <= 0) {
            return chain.proceed(call);
        }
        Request request = new Request(
                Payer.of(call.caller()), Map.of(Meter.STORAGE.name(), bytes), DocumentMeter.SOURCE, tool, "");
        return switch (quotas.reserve(request, HELD)) {
            case Admission.Reserved reserved -> held(call, chain, reserved.reservation());
            case Admission.Denied denied -> refused(call, denied.denial());
            // What it takes is found out when it is stored.
            case Admission.Invalid invalid -> chain.proceed(call);
            case Admission.ClockWentBack back -> chain.proceed(call);
        };
    }

    private static Outcome held(Call call, Chain chain, Reservation reservation) {
        try {
            return chain.proceed(call);
        } finally {
            reservation.release();
        }
    }

    /** By how much it grows what is stored: what it replaces goes. Of a folder or an address, one byte: is there any room? */
    private long growth(Call call) {
        JsonNode arguments = call.params().path("arguments");
        long bytes = arguments.path("text").isString()
                ? arguments.path("text").stringValue().getBytes(StandardCharsets.UTF_8).length
                : arguments.path("base64").isString()
                        ? arguments.path("base64").stringValue().length() * 3L / 4
                        : 1;
        String document = arguments.path("document").asString("");
        if (document.isEmpty()) {
            return bytes;
        }
        try {
            DocumentKey key = new DocumentKey(arguments.path("collection").asString("default"), document);
            Optional<DocumentRecord> before = base.store().document(Payer.tenant(Payer.of(call.caller())), key);
            return bytes - before.map(DocumentRecord::bytes).orElse(0L);
        } catch (IllegalArgumentException e) {
            return bytes;
        }
    }

    private Outcome refused(Call call, Denial denial) {
        Language language = call.context().wording().language();
        return new Outcome.Complete(CallToolResult.error(language.of(
                "The plan of this account has no room for this document: " + denial.used() + " of " + denial.limit()
                        + " bytes are used, and it needs " + denial.requested()
                        + " more. Nothing was stored. Delete documents with delete_document, or have the plan changed: "
                        + accounting.upgradePage() + " says how, and an administrator does it with set_plan.",
                "此账户的套餐没有足够空间存放该文档：已用 " + denial.used() + " 字节，上限 " + denial.limit() + " 字节，还需要 "
                        + denial.requested() + " 字节。未存储任何内容。请用 delete_document 删除文档，或更换套餐：方法见 "
                        + accounting.upgradePage() + "，管理员可用 set_plan 更改。")));
    }
}
