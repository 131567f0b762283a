package dev.mortise.mcp.schema;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How severe a log message is, from least to most: the levels of syslog (RFC 5424, section 6.2.1). */
public enum LoggingLevel {
    @JsonProperty("debug")
    DEBUG,
    @JsonProperty("info")
    INFO,
    @JsonProperty("notice")
    NOTICE,
    @JsonProperty("warning")
    WARNING,
    @JsonProperty("error")
    ERROR,
    @JsonProperty("critical")
    CRITICAL,
    @JsonProperty("alert")
    ALERT,
    @JsonProperty("emergency")
    EMERGENCY;

    /** Whether a message of this level passes where {@code least} is asked for. */
    public boolean isAtLeast(LoggingLevel least) {
        return compareTo(least) >= 0;
    }
}
