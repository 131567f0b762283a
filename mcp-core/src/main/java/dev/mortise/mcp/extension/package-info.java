/**
 * What an extension of the protocol is written on, besides what every plugin uses: methods of its own, topics of listen
 * streams, calls that outlive their request, a life beside the server. The library's own extensions use nothing else.
 */
package dev.mortise.mcp.extension;
