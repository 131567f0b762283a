package dev.mortise.security.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.json.JsonSchema;
import dev.mortise.mcp.server.Tool;
import dev.mortise.security.Environment;
import dev.mortise.security.Security;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.access.AccessWording;
import dev.mortise.security.access.Wire;
import org.junit.jupiter.api.Test;

/** Who sets another wording for approvals has it for repeated calls, too. */
class ReplayWordingTest {
    @Test
    void aKeyOfAnotherCallIsToldInTheWordsOfTheServer() {
        Security security = Security.in(Environment.TEST)
                .wording(AccessWording.chinese())
                .idempotentCalls(IdempotentCalls.in(new MemoryReplayStore()).build())
                .build();
        try (McpServer server = McpServer.builder("test", "1")
                .plugin(security)
                .tool(Tool.named("pay")
                        .inputSchema(JsonSchema.parse("{\"type\":\"object\"}"))
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.LOW)
                        .handle((in, call) -> "paid"))
                .build()) {
            Wire wire = Wire.local(server);
            wire.callOnce("pay", "{'a':1}", "one");
            assertThat(wire.callOnce("pay", "{'a':2}", "one").error().message())
                    .isEqualTo(AccessWording.chinese().keyOfAnotherCall())
                    .contains("幂等键");
        }
    }
}
