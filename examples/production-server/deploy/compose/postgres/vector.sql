-- Only a superuser may add an extension; the server's own user then finds it.
CREATE EXTENSION IF NOT EXISTS vector;
