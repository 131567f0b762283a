/** What all of the module speaks of: levels, environments, credentials. */
package dev.mortise.security;
