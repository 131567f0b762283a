// The Java client against servers that others wrote.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const [examples] = process.argv.slice(2);
const here = import.meta.dirname;
const run = promisify(execFile);
const { stdout: java } = await run(path.join(examples, 'find-java'));
const everything = path.join(here, 'node_modules/@modelcontextprotocol/server-everything/dist/index.js');

/** What the Java client finds out about a server, and what it gets from these tools. */
async function survey(...args) {
  const jar = path.join(examples, 'conformance/target/conformance-server.jar');
  const command = ['-XX:TieredStopAtLevel=1', '-cp', jar, 'dev.mortise.examples.conformance.client.Survey', ...args];
  const { stdout } = await run(java.trim(), command, { timeout: 60_000 });
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

/** Starts a server, and resolves with the line in which it says that it listens. */
async function start(args, stream, env = {}) {
  const server = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  process.on('exit', () => server.kill('SIGKILL'));
  server[stream === 'stdout' ? 'stderr' : 'stdout'].resume();
  for await (const line of createInterface({ input: server[stream] })) {
    if (/listening on|running on/.test(line)) {
      server[stream].resume();
      return { line, stop: () => server.kill('SIGKILL') };
    }
  }
  assert.fail(`${args} did not start`);
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return `${port}`;
}

function checkTheirs(found, version) {
  assert.equal(found.version, version);
  assert.equal(found.results.add, '5');
  assert.equal(found.results.greet, 'Hello, Ann');
  assert.equal(found.questions, 1);
}

function checkEverything(found) {
  assert.equal(found.version, '2025-11-25');
  assert.equal(found.results.echo, 'Echo: hi');
  assert.match(found.results['get-structured-content'], /temperature/);
  assert.match(found.results['trigger-sampling-request'], /survey-model/);
  assert.match(found.results['trigger-elicitation-request'], /Favorite Integer: 42/);
  assert.match(found.results['get-roots-list'], /file:\/\/\/tmp/);
  assert.match(found.results['trigger-long-running-operation'], /completed.*\+2$/);
  assert.match(found.results.nope, /not found/);
  assert.equal(found.resources, 3);
  assert.ok(found.prompts > 0);
}

const theirs = ['add={"a":2,"b":3}', 'greet'];
const all = [
  'echo={"message":"hi"}',
  'get-structured-content={"location":"Chicago"}',
  'trigger-sampling-request={"prompt":"x"}',
  'trigger-elicitation-request',
  'get-roots-list',
  'trigger-long-running-operation={"duration":1,"steps":2}',
  'nope',
];

checkTheirs(await survey('stdio', process.execPath, path.join(here, 'their-server.mjs'), '--', ...theirs), '2026-07-28');
console.log('  ok  TypeScript server 2, stdio');

for (const [script, version] of [['their-server.mjs', '2026-07-28'], ['their-legacy-server.mjs', '2025-11-25']]) {
  const server = await start([path.join(here, script), 'http'], 'stdout');
  checkTheirs(await survey('http', server.line.split(' ').at(-1), ...theirs), version);
  server.stop();
  console.log(`  ok  ${script}, HTTP`);
}

checkEverything(await survey('stdio', process.execPath, everything, 'stdio', '--', ...all));
console.log('  ok  server-everything, stdio');

for (const [transport, at, kind] of [['streamableHttp', 'mcp', 'http'], ['sse', 'sse', 'sse'], ['sse', 'sse', 'http']]) {
  const PORT = await freePort();
  const server = await start([everything, transport], 'stderr', { PORT });
  checkEverything(await survey(kind, `http://127.0.0.1:${PORT}/${at}`, ...all));
  server.stop();
  console.log(`  ok  server-everything, ${transport}${kind === 'http' && transport === 'sse' ? ', found out' : ''}`);
}
process.exit(0);
