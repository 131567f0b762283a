/** Calls of tools that may be sent again without being carried out again. */
package dev.mortise.security.replay;
