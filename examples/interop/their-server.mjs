// A server on the TypeScript server package, over stdio or HTTP: node their-server.mjs [http]

import { createServer } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { acceptedContent, createMcpHandler, fromJsonSchema, inputRequired, McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';

const object = (properties, required = Object.keys(properties)) =>
  fromJsonSchema({ type: 'object', properties, required });
const text = text => ({ content: [{ type: 'text', text }] });

function server() {
  const server = new McpServer({ name: 'typescript', version: '1' });
  const sum = {
    inputSchema: object({ a: { type: 'integer' }, b: { type: 'integer' } }),
    outputSchema: object({ sum: { type: 'integer' } }),
  };
  server.registerTool('add', sum, ({ a, b }) => ({ ...text(`${a + b}`), structuredContent: { sum: a + b } }));
  server.registerTool('greet', { inputSchema: object({}) }, (_, context) => {
    const who = acceptedContent(context.mcpReq.inputResponses, 'who');
    if (who) return text(`Hello, ${who.name}`);
    const requestedSchema = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] };
    const asked = inputRequired.elicit({ message: 'Who are you?', requestedSchema });
    return inputRequired({ inputRequests: { who: asked }, requestState: 'a state of theirs' });
  });
  server.registerResource('note', 'note:///one', {}, uri => ({ contents: [{ uri: uri.href, text: 'one' }] }));
  return server;
}

if (process.argv[2] === 'http') {
  const http = createServer(toNodeHandler(createMcpHandler(server)));
  http.listen(0, '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${http.address().port}/mcp`));
} else {
  serveStdio(server);
}
