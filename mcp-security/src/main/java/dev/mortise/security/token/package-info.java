/** Access tokens: verified here, asked about at their issuer, or exchanged for others. */
package dev.mortise.security.token;
