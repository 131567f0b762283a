package dev.mortise.servlet;

import org.junit.jupiter.api.Nested;

class JettyVirtualTest {
    @Nested
    class Requests extends RequestContract {
        Requests() {
            super(Container.Kind.JETTY_VIRTUAL);
        }
    }

    @Nested
    class Bodies extends BodyContract {
        Bodies() {
            super(Container.Kind.JETTY_VIRTUAL);
        }
    }

    @Nested
    class Streams extends StreamContract {
        Streams() {
            super(Container.Kind.JETTY_VIRTUAL);
        }
    }
}
