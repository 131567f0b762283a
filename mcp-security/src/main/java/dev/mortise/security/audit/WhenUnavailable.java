package dev.mortise.security.audit;

import dev.mortise.security.SecurityLevel;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a call whose event cannot be taken down. A decision about nothing that has a level, such as a list,
 * counts as {@link SecurityLevel#LOW}. What is denied and what does not exist are refused alike, whatever level there is,
 * so that an outage tells nobody which of them it is. Immutable.
 *
 * @param refuseFrom calls about targets of this level and above are refused; {@code null} refuses none for its level
 * @param refuseUnlevelled whether what has no level is refused: authentication, administration
 */
public record WhenUnavailable(@Nullable SecurityLevel refuseFrom, boolean refuseUnlevelled) {
    /** Nothing happens that is not on record. What holds unless another is set. */
    public static final WhenUnavailable REFUSE = new WhenUnavailable(SecurityLevel.LOW, true);

    /** Everything goes on; events wait in memory for as long as there is room, and what is lost is counted. */
    public static final WhenUnavailable DEGRADE = new WhenUnavailable(null, false);

    /** Calls below a level go on; from it upwards, and where there is no level, they are refused. */
    public static WhenUnavailable refuseFrom(SecurityLevel level) {
        return new WhenUnavailable(level, true);
    }

    /** Whether what this event is about must not happen without it; for trails of your own, too. */
    public boolean refuses(AuditEvent event) {
        if (event.kind() != AuditEvent.Kind.DECISION && event.level() == null) {
            return refuseUnlevelled;
        }
        if (refuseFrom == null) {
            return false;
        }
        SecurityLevel level = event.level() == null ? SecurityLevel.LOW : event.level();
        return event.outcome() == AuditEvent.Outcome.DENIED || level.reaches(refuseFrom);
    }
}
