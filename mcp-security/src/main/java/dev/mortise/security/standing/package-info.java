/** Who may still do anything: what was revoked, disabled or changed, on every replica within seconds. */
package dev.mortise.security.standing;
