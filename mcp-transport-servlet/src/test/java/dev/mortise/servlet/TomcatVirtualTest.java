package dev.mortise.servlet;

import org.junit.jupiter.api.Nested;

class TomcatVirtualTest {
    @Nested
    class Requests extends RequestContract {
        Requests() {
            super(Container.Kind.TOMCAT_VIRTUAL);
        }
    }

    @Nested
    class Bodies extends BodyContract {
        Bodies() {
            super(Container.Kind.TOMCAT_VIRTUAL);
        }
    }

    @Nested
    class Streams extends StreamContract {
        Streams() {
            super(Container.Kind.TOMCAT_VIRTUAL);
        }
    }
}
