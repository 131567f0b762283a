package dev.mortise.examples.production.admin;

import dev.mortise.examples.production.tool.CannotAnswer;
import dev.mortise.examples.production.tool.ToolText;
import dev.mortise.mcp.call.Caller;
import dev.mortise.security.Credential;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.access.ApprovalPage;
import dev.mortise.security.admin.AdministratorApi;
import dev.mortise.security.key.KeyLimits;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an administrator may see and do: what is their tenant's; without a tenant, everything. */
public final class Administrators {
    private Administrators() {}

    /** What the key of an administrator of all tenants, or of one, is good for. */
    public static KeyLimits limits(@Nullable Instant expiry) {
        return new KeyLimits(
                Set.of(AdministratorApi.ADMIN, ApprovalPage.APPROVE), SecurityLevel.CRITICAL, null, null, expiry);
    }

    public static boolean administers(Caller administrator, @Nullable String tenant) {
        return administrator.tenant().isEmpty() || administrator.tenant().get().equals(tenant);
    }

    public static void requireAll(Caller administrator) throws CannotAnswer {
        if (administrator.tenant().isPresent()) {
            throw new CannotAnswer(ToolText.ADMINISTRATOR_OF_ALL);
        }
    }

    public static boolean reaches(Caller administrator, SecurityLevel level) {
        return administrator
                .get(Credential.ATTRIBUTE)
                .filter(credential -> credential.reach().reaches(level))
                .isPresent();
    }
}
