package dev.mortise.examples.production.settings;

/** Everything that can be set, each by an environment variable of the same name. The page SETTINGS.md is made of this. */
public enum Setting {
    PORT("4321", Kind.PORT, "Where it listens; 0 for any port that is free."),
    MORTISE_BIND(
            "127.0.0.1", Kind.TEXT, "The address it listens at. Anything but this machine needs MORTISE_RESOURCE."),
    MORTISE_DATA("data", Kind.PATH, "The folder of databases and keys. It is made, for its owner alone."),
    MORTISE_RESOURCE(
            "",
            Kind.URL,
            "The endpoint as clients know it, which tokens name as their audience, such as https://mcp.example.com/mcp."
                    + " With https this is production: development defaults are refused, and keys are of another kind."
                    + " Unset: http://127.0.0.1:PORT/mcp."),
    MORTISE_SECRET(
            "",
            Kind.SECRET,
            "At least 32 characters, the same on all replicas; what is sealed, signed and made a pseudonym here is so with"
                    + " keys that are derived from it. Unset: made at the first start, in the data folder."
                    + " Needed with DATABASE_URL."),
    JWT_ISSUER(
            "", Kind.URL, "The authorization server whose access tokens are taken beside API keys, as iss names it."),
    JWT_SECRET_KEY(
            "",
            Kind.SECRET,
            "At least 32 characters: the secret of JWT_ISSUER's tokens (HS256)."
                    + " Unset: its public keys are found by its metadata, over HTTPS."),
    DATABASE_URL(
            "",
            Kind.DATABASE,
            "PostgreSQL instead of SQLite, for replicas: postgresql://USER:PASSWORD@HOST/NAME, or jdbc:postgresql://…"),
    REDIS_URL("", Kind.REDIS, "Redis, for what replicas share: redis://HOST:6379. Needs DATABASE_URL."),
    CALLS_PER_MINUTE("120", Kind.COUNT, "What one caller may call in a minute; a third of it at once."),
    REQUESTS_PER_MINUTE("1200", Kind.COUNT, "What one address may request in a minute; a third of it at once."),
    MORTISE_FETCH_HOSTS(
            "",
            Kind.TEXT,
            "Hosts in private networks that fetch_page may read all the same, by comma, each as NAME or NAME:PORT."),
    MORTISE_PROXIES(
            "",
            Kind.NETWORKS,
            "Proxies that say in X-Forwarded-For who their clients are, by comma, each an address or a network such as"
                    + " 10.0.0.0/8. Unset: nobody is believed, and a proxy counts as one client."),
    METRICS_TOKEN(
            "", Kind.SECRET, "At least 16 characters: who presents it reads /metrics. Unset: this machine alone does."),
    OTEL_EXPORTER_OTLP_ENDPOINT("", Kind.URL, "Where traces go, by OTLP over HTTP, such as http://127.0.0.1:4318."),
    OTEL_SERVICE_NAME("mortise", Kind.TEXT, "What traces call this service."),
    MORTISE_LOG("INFO", Kind.LEVEL, "How much is logged: ERROR, WARN, INFO, DEBUG or TRACE."),
    MORTISE_LOG_FORMAT(
            "TEXT", Kind.FORMAT, "How: TEXT for people, or ECS, one JSON object a line by the Elastic Common Schema.");

    /** What values are. */
    enum Kind {
        TEXT,
        PATH,
        PORT,
        COUNT,
        URL,
        DATABASE,
        REDIS,
        LEVEL,
        FORMAT,
        NETWORKS,
        /** Never shown, by anything. */
        SECRET
    }

    private final String otherwise;
    private final Kind kind;
    private final String meaning;

    Setting(String otherwise, Kind kind, String meaning) {
        this.otherwise = otherwise;
        this.kind = kind;
        this.meaning = meaning;
    }

    /** What holds where it is not set; empty for nothing. */
    public String otherwise() {
        return otherwise;
    }

    Kind kind() {
        return kind;
    }

    public String meaning() {
        return meaning;
    }

    /** Whether its value may be seen. URLs of stores have passwords in them. */
    public boolean isConfidential() {
        return kind == Kind.SECRET || kind == Kind.DATABASE || kind == Kind.REDIS;
    }
}
