package dev.mortise.examples.faults;

import java.net.URI;
import java.nio.file.Path;

/**
 * Where things are.
 *
 * @param database a URL for JDBC
 * @param redis such as {@code redis://127.0.0.1:6379}
 * @param rates the endpoint of another MCP server
 * @param receipts a folder
 * @param healthToken what shows the details of {@code /health/ready}, as a bearer token; empty for nobody
 */
record Settings(int port, String database, URI redis, URI rates, Path receipts, String healthToken) {}
