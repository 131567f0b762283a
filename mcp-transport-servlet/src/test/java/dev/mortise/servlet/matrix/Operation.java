package dev.mortise.servlet.matrix;

import dev.mortise.mcp.client.McpException;
import dev.mortise.mcp.client.RpcException;

/**
 * One row of the matrix: something that a user of the client does.
 *
 * @param expected what comes of it, in words that are the same for every transport; where a revision cannot do it,
 *     {@link Differences} says what comes instead
 */
record Operation(String name, String expected, Body body) {
    /** What is done. */
    interface Body {
        Object run(Bench bench) throws Exception;
    }

    static Operation of(String name, String expected, Body body) {
        return new Operation(name, expected, body);
    }

    /** What came of it; errors of the library in short, so that they can be expected, others in full. */
    String outcome(Bench bench) throws InterruptedException {
        try {
            return String.valueOf(body.run(bench));
        } catch (RpcException e) {
            return "error " + e.code();
        } catch (McpException e) {
            return e.getClass().getSimpleName();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            return "broken: " + e;
        }
    }
}
