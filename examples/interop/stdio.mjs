// The TypeScript client against the quickstart over stdio.

import assert from 'node:assert/strict';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { check, connect, errors, prepare, user } from './checks.mjs';
import { folder, stdio } from './servers.mjs';

await prepare(folder);
const transport = new StdioClientTransport(stdio);
const client = await connect(transport, user);
const mute = await connect(new StdioClientTransport(stdio));
await check(client, folder, mute);
assert.deepEqual(errors, []);

const { pid } = transport;
const began = Date.now();
await client.close();
assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' }, 'the server outlives its client');
// After two seconds the client would have killed it.
const took = Date.now() - began;
assert.ok(took < 2000, `the server took ${took} ms to end`);
console.log('  ok  the server ends with its input');
await mute.close();
process.exit(0);
