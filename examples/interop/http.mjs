// The TypeScript client against the quickstart over HTTP.

import assert from 'node:assert/strict';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { check, connect, errors, prepare, user } from './checks.mjs';
import { folder, startHttp } from './servers.mjs';

await prepare(folder);
const server = await startHttp();
const client = await connect(new StreamableHTTPClientTransport(new URL(server.url)), user);
const mute = await connect(new StreamableHTTPClientTransport(new URL(server.url)));
await check(client, folder, mute);
assert.deepEqual(errors, []);

const listening = await client.listen({ resourcesListChanged: true });
const stopped = server.stop();
console.log(`  ok  the server stops, and a listener sees a ${await listening.closed} end`);
await stopped;
process.exit(0);
