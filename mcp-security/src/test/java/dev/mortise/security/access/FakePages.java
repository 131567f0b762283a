package dev.mortise.security.access;

/** For tests of other packages. */
public final class FakePages {
    private FakePages() {}

    public static SignIn nobody() {
        return new FakeSignIn();
    }
}
