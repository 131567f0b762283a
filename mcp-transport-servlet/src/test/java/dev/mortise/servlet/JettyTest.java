package dev.mortise.servlet;

import org.junit.jupiter.api.Nested;

class JettyTest {
    @Nested
    class Requests extends RequestContract {
        Requests() {
            super(Container.Kind.JETTY);
        }
    }

    @Nested
    class Bodies extends BodyContract {
        Bodies() {
            super(Container.Kind.JETTY);
        }
    }

    @Nested
    class Streams extends StreamContract {
        Streams() {
            super(Container.Kind.JETTY);
        }
    }
}
