// A server on version 1 of the TypeScript SDK, with sessions, over HTTP.

import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { z } from 'zod';

const text = text => ({ content: [{ type: 'text', text }] });
const sessions = new Map();

async function open() {
  const server = new McpServer({ name: 'typescript-v1', version: '1' });
  server.registerTool('add', { inputSchema: { a: z.number(), b: z.number() } }, ({ a, b }) => text(`${a + b}`));
  server.registerTool('greet', { inputSchema: {} }, async () => {
    const requestedSchema = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] };
    const { content } = await server.server.elicitInput({ message: 'Who are you?', requestedSchema });
    return text(`Hello, ${content.name}`);
  });
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: id => sessions.set(id, transport),
  });
  await server.connect(transport);
  return transport;
}

const http = createServer(async (request, response) => {
  const id = request.headers['mcp-session-id'];
  if (id && !sessions.has(id)) return response.writeHead(404).end();
  const transport = sessions.get(id) ?? (await open());
  await transport.handleRequest(request, response);
  if (request.method === 'DELETE') sessions.delete(id);
});
http.listen(0, '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${http.address().port}/mcp`));
