/** What administrators do over HTTP: keys, users, grants, approvals. */
package dev.mortise.security.admin;
