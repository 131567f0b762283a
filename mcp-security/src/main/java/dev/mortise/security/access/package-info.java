/** What may this caller do? Levels, scopes, tenants, grants, approvals. */
package dev.mortise.security.access;
