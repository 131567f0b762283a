/** Users and their tenants: a small service, and the seam for teams that have their own. */
package dev.mortise.security.user;
