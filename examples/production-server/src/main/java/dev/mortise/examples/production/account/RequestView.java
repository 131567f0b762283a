package dev.mortise.examples.production.account;

import dev.mortise.mcp.json.Description;
import dev.mortise.security.access.Approval;
import org.jspecify.annotations.Nullable;

/** A request for an approval. */
public record RequestView(
        String id,
        @Description("Who asks") String subject,
        @Nullable String tenant,
        @Description("What is to be called") String tool,
        @Description("With these arguments, as JSON") String arguments,

        @Description("PENDING, APPROVED, DENIED, USED or REVOKED")
        String status,

        String createdAt,

        @Description("By when it has to be decided and used")
        String expiresAt) {
    public static RequestView of(Approval stored) {
        Approval approval = stored.shown();
        return new RequestView(
                approval.id(),
                approval.subject(),
                approval.tenant(),
                approval.name(),
                approval.arguments(),
                approval.status().name(),
                approval.createdAt().toString(),
                approval.expiresAt().toString());
    }
}
