package dev.mortise.servlet;

import org.junit.jupiter.api.Nested;

class BadInputTest {
    @Nested
    class OnJetty extends BadInputContract {
        OnJetty() {
            super(Container.Kind.JETTY);
        }
    }

    @Nested
    class OnTomcat extends BadInputContract {
        OnTomcat() {
            super(Container.Kind.TOMCAT);
        }
    }
}
