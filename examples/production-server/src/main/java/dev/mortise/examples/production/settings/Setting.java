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
    JWT_SECRET_KEY_PREVIOUS(
            "",
            Kind.SECRET,
            "The secret before JWT_SECRET_KEY, whose tokens are taken, too, while it is being changed: at all replicas first,"
                    + " then at the issuer. Gone when the last token that was signed with it has ended."),
    JWT_TENANT_CLAIM(
            "",
            Kind.TEXT,
            "The claim that names the tenant of a token's user; a token without it is refused."
                    + " Unset: users of JWT_ISSUER are of the house, like keys without a tenant."),
    DATABASE_URL(
            "",
            Kind.DATABASE,
            "PostgreSQL instead of SQLite, for replicas: postgresql://USER:PASSWORD@HOST/NAME, or jdbc:postgresql://…"),
    DATABASE_PREPARED_STATEMENTS(
            "false",
            Kind.FLAG,
            "true lets PostgreSQL keep the plans of statements, which spares it a third of its work. Not behind a pooler in"
                    + " transaction mode, unless it knows prepared statements."),
    REDIS_URL("", Kind.REDIS, "Redis, for what replicas share: redis://HOST:6379. Needs DATABASE_URL."),
    CALLS_PER_MINUTE("120", Kind.COUNT, "What one caller may call in a minute; a third of it at once."),
    REQUESTS_PER_MINUTE(
            "1200", Kind.COUNT, "What one address may request of each replica in a minute; a third of it at once."),
    MORTISE_FETCH_HOSTS(
            "",
            Kind.TEXT,
            "Hosts in private networks that fetch_page may read all the same, by comma, each as NAME or NAME:PORT."),
    MORTISE_FOLDERS(
            "",
            Kind.FOLDERS,
            "Folders that ingest_folder may take in, by comma, each as NAME=PATH. Unset: there is no such tool."),
    MORTISE_PROGRESSIVE(
            "false",
            Kind.FLAG,
            "true lists only the tools that find the others, and what most conversations need. Every tool can be called"
                    + " all the same."),
    MORTISE_LANGUAGE(
            "en", Kind.LANGUAGE, "In which language models and people are told why a call is refused: en or zh."),
    EMBEDDINGS_URL(
            "",
            Kind.URL,
            "What comes before /embeddings of an endpoint that speaks as OpenAI's does, such as https://api.openai.com/v1 or"
                    + " http://127.0.0.1:11434/v1. Unset: texts are compared by words and parts of words, without a model."),
    EMBEDDINGS_MODEL("text-embedding-3-small", Kind.TEXT, "The model's name there."),
    EMBEDDINGS_DIMENSIONS(
            "1536",
            Kind.COUNT,
            "How many numbers its vectors have, 1 to 4096. An index is made for one model and one length: with another, the"
                    + " documents are ingested anew, into an empty data folder or database."),
    EMBEDDINGS_KEY("", Kind.KEY, "The key of that endpoint, if it wants one."),
    MORTISE_PLANS(
            "",
            Kind.PATH,
            "A file with a JSON array of plans, published at the start beside FREE, STARTER, PROFESSIONAL and ENTERPRISE."),
    MORTISE_DEFAULT_PLAN(
            "free",
            Kind.TEXT,
            "The plan of tenants that have no subscription. Who has no tenant is of the house, which"
                    + " begins on ENTERPRISE."),
    MORTISE_UPGRADE_PAGE(
            "",
            Kind.URL,
            "A page where users change their plan, as refusals and upgrade_link name it; it has to sign them in."
                    + " Unset: the page /plans of this server, which says how."),
    MORTISE_SELLER("Mortise", Kind.TEXT, "Who sells, as it stands on invoices."),
    STRIPE_SECRET_KEY("", Kind.KEY, "Stripe's key, sk_… or rk_…: tenants pay through Stripe."),
    STRIPE_WEBHOOK_SECRET("", Kind.KEY, "The secret of the webhook /webhooks/stripe, whsec_…."),
    STRIPE_PRICES("", Kind.PRICES, "Which plan is which price at Stripe: starter=price_…,professional=price_…."),
    STRIPE_URL(
            "",
            Kind.URL,
            "Where a stand-in for Stripe is that tests talk to; only with a test key. Unset: Stripe itself."),
    PAYPAL_CLIENT_ID("", Kind.TEXT, "PayPal's client: tenants pay through PayPal."),
    PAYPAL_CLIENT_SECRET("", Kind.KEY, "The secret of that client."),
    PAYPAL_WEBHOOK_ID("", Kind.TEXT, "The id of the webhook /webhooks/paypal."),
    PAYPAL_PLANS("", Kind.PRICES, "Which plan is which plan at PayPal: starter=P-…,professional=P-…."),
    PAYPAL_LIVE("false", Kind.FLAG, "true takes real money; otherwise it is PayPal's sandbox."),
    MORTISE_PROXIES(
            "",
            Kind.NETWORKS,
            "Proxies that say in X-Forwarded-For who their clients are, by comma, each an address or a network such as"
                    + " 10.0.0.0/8. Unset: nobody is believed, and a proxy counts as one client."),
    METRICS_TOKEN(
            "", Kind.SECRET, "At least 16 characters: who presents it reads /metrics. Unset: this machine alone does."),
    OTEL_EXPORTER_OTLP_ENDPOINT("", Kind.URL, "Where traces go, by OTLP over HTTP, such as http://127.0.0.1:4318."),
    OTEL_TRACES_SAMPLER_ARG(
            "1",
            Kind.SHARE,
            "Which share of the calls that come from no trace is traced, from 0 to 1; what comes from a traced one always is."),
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
        /** From 0 to 1. */
        SHARE,
        URL,
        DATABASE,
        REDIS,
        LEVEL,
        LANGUAGE,
        FLAG,
        /** {@code NAME=PATH}, by comma. */
        FOLDERS,
        /** {@code PLAN=ID}, by comma. */
        PRICES,
        /** A secret that somebody else has made. Never shown, by anything. */
        KEY,
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
        return kind == Kind.SECRET || kind == Kind.KEY || kind == Kind.DATABASE || kind == Kind.REDIS;
    }
}
