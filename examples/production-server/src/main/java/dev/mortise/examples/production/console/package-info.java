/** The page for administrators at {@code /console}: what it consists of, and how a browser is signed in. */
@NullMarked
package dev.mortise.examples.production.console;

import org.jspecify.annotations.NullMarked;
