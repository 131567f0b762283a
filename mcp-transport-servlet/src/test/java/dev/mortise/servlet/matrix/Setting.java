package dev.mortise.servlet.matrix;

import dev.mortise.mcp.ProtocolVersion;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** One column of the matrix. */
record Setting(ProtocolVersion version, Transport transport) {
    /** Every revision over every transport that it has. */
    static List<Setting> all() {
        return Stream.of(ProtocolVersion.values())
                .flatMap(version -> Stream.of(Transport.values())
                        .filter(transport -> transport.belongsTo(version))
                        .map(transport -> new Setting(version, transport)))
                .toList();
    }

    @Override
    public String toString() {
        return version + " " + transport.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
