package dev.mortise.servlet;

import org.junit.jupiter.api.Nested;

class TomcatTest {
    @Nested
    class Requests extends RequestContract {
        Requests() {
            super(Container.Kind.TOMCAT);
        }
    }

    @Nested
    class Bodies extends BodyContract {
        Bodies() {
            super(Container.Kind.TOMCAT);
        }
    }

    @Nested
    class Streams extends StreamContract {
        Streams() {
            super(Container.Kind.TOMCAT);
        }
    }
}
