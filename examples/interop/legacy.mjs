// The TypeScript SDK of the revisions before 2026-07-28 against the quickstarts and the conformance server.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  CallToolResultSchema,
  CreateMessageRequestSchema,
  CreateTaskResultSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  ResourceListChangedNotificationSchema,
  ResourceUpdatedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { prepare } from './checks.mjs';
import { folder, startHttp, stdio } from './servers.mjs';

const PATIENCE = 10_000;
const examples = process.argv[2];
const text = result => result.content[0].text;

async function step(name, action) {
  try {
    await action();
    console.log(`  ok  ${name}`);
  } catch (error) {
    error.message = `${name}: ${error.message}`;
    throw error;
  }
}

function within(promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing came within ${PATIENCE} ms`)), PATIENCE);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function connect(transport, answer) {
  const client = new Client(
    { name: 'mortise-interop-legacy', version: '1' },
    { capabilities: answer ? { elicitation: {}, sampling: {}, roots: {} } : {} },
  );
  if (answer) {
    client.setRequestHandler(ElicitRequestSchema, request => answer(request.params));
    client.setRequestHandler(CreateMessageRequestSchema, () => ({
      role: 'assistant',
      model: 'none',
      content: { type: 'text', text: 'sampled' },
    }));
    client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [{ uri: 'file:///work' }] }));
  }
  await client.connect(transport);
  return client;
}

/** What there is on both transports. */
async function check(client, mute, answers) {
  await step('the server says what it is', () => assert.equal(client.getServerVersion().name, 'mortise-documents'));

  await step('lists, calls, reads, prompts and completions', async () => {
    assert.equal((await client.listTools()).tools.length, 4);
    const found = await client.callTool({ name: 'search_documents', arguments: { query: 'quokkaword' } });
    assert.equal(found.structuredContent.documents[0].title, 'Interop sample');
    const { resources } = await client.listResources();
    const { uri } = resources.find(resource => resource.name === '指南/网关.md');
    assert.match((await client.readResource({ uri })).contents[0].text, /袋鼠/);
    await assert.rejects(client.readResource({ uri: 'docs:///none.md' }), { code: -32002 });
    const { messages } = await client.getPrompt({ name: 'outline', arguments: { document: 'interop sample.md' } });
    assert.match(messages[0].content.text, /- Part two/);
    const prompt = { ref: { type: 'ref/prompt', name: 'outline' }, argument: { name: 'document', value: 'interop' } };
    assert.deepEqual((await client.complete(prompt)).completion.values, ['interop sample.md']);
    await client.ping();
  });

  await step('changes on the disk are told to who subscribed', async () => {
    const uri = 'docs:///interop%20sample.md';
    const updated = new Promise(resolve =>
      client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => resolve(params.uri)));
    const changed = new Promise(resolve =>
      client.setNotificationHandler(ResourceListChangedNotificationSchema, resolve));
    await client.subscribeResource({ uri });
    await fs.appendFile(path.join(folder, 'interop sample.md'), 'More.\n');
    assert.equal(await within(updated, 'an update'), uri);
    await fs.writeFile(path.join(folder, `another ${Date.now()}.md`), '# Another\n');
    await within(changed, 'a change of the list');
    await client.unsubscribeResource({ uri });
  });

  const deletion = { name: 'delete_document', arguments: { name: 'doomed.md' } };
  const exists = () => fs.access(path.join(folder, 'doomed.md')).then(() => true, () => false);
  await step('the user is asked before something is deleted', async () => {
    await assert.rejects(mute.callTool(deletion));
    answers.push({ action: 'decline' });
    assert.match(text(await client.callTool(deletion)), /declined/);
    assert.ok(await exists());
    answers.push({ action: 'accept', content: { delete: true } });
    assert.equal(text(await client.callTool(deletion)), 'doomed.md is deleted.');
    assert.ok(!(await exists()));
  });
}

const answers = [];
const answer = () => answers.shift();

await prepare(folder);
const server = await startHttp();
const http = () => new StreamableHTTPClientTransport(new URL(server.url));
const transport = http();
const client = await connect(transport, answer);
console.log(' over http');
await check(client, await connect(http()), answers);
await step('a session that was ended is gone', async () => {
  await transport.terminateSession();
  const gone = await fetch(server.url, { headers: { accept: 'text/event-stream', 'mcp-session-id': 'none' } });
  assert.equal(gone.status, 404);
});
await server.stop();

console.log(' over stdio');
await prepare(folder);
const local = await connect(new StdioClientTransport(stdio), answer);
const mute = await connect(new StdioClientTransport(stdio));
await check(local, mute, answers);
await local.close();
await mute.close();

console.log(' the conformance server');
const java = spawn(path.join(examples, 'conformance', 'serve'), ['0'], { stdio: ['ignore', 'pipe', 'inherit'] });
process.on('exit', () => java.kill('SIGKILL'));
let url;
for await (const line of createInterface({ input: java.stdout })) {
  url = /^listening on (\S+)$/.exec(line)?.[1];
  if (url) break;
}
assert.ok(url, 'the conformance server did not start');
const everything = await connect(new StreamableHTTPClientTransport(new URL(url)), () => ({
  action: 'accept',
  content: { username: 'ada', email: 'ada@example.com', confirm: true },
}));
await step('the model, the user and the client are asked', async () => {
  const sampled = await everything.callTool({ name: 'test_sampling', arguments: { prompt: 'x' } });
  assert.equal(text(sampled), 'LLM response: sampled');
  const elicited = await everything.callTool({ name: 'test_elicitation', arguments: { message: 'x' } });
  assert.match(text(elicited), /ada@example\.com/);
  assert.match(text(await everything.callTool({ name: 'test_input_required_result_list_roots' })), /Roots: 1/);
});
await step('the client comes back for a reply whose stream was closed', async () => {
  assert.match(text(await everything.callTool({ name: 'test_reconnection' })), /successfully/);
});
await step('progress comes before the reply', async () => {
  const seen = [];
  const options = { onprogress: ({ progress }) => seen.push(progress) };
  await everything.callTool({ name: 'test_tool_with_progress', arguments: {} }, undefined, options);
  assert.deepEqual(seen, [0, 50, 100]);
});
await step('tools run as tasks, ask inside them, and are cancelled', async () => {
  const tasks = everything.experimental.tasks;
  await everything.listTools();
  const run = async (name, args) => {
    const messages = [];
    for await (const message of tasks.callToolStream({ name, arguments: args })) messages.push(message);
    assert.equal(messages[0].type, 'taskCreated');
    return messages;
  };
  const computed = await run('slow_compute', { seconds: 1, label: 'x' });
  assert.equal(text(computed.at(-1).result), 'Computed x in 1 s');
  assert.equal(text((await run('confirm_delete', { filename: 'a.txt' })).at(-1).result), 'Deleted a.txt');
  const failed = await run('failing_job', {});
  assert.equal(failed.at(-1).type, 'error');
  const { taskId } = failed[0].task;
  assert.equal((await tasks.getTaskResult(taskId, CallToolResultSchema)).isError, true);
  await assert.rejects(tasks.cancelTask(taskId), { code: -32602 });
  const { task } = await everything.request(
    { method: 'tools/call', params: { name: 'slow_compute', arguments: { seconds: 60 }, task: { ttl: 60_000 } } },
    CreateTaskResultSchema,
  );
  assert.equal((await tasks.cancelTask(task.taskId)).status, 'cancelled');
  const listed = (await tasks.listTasks()).tasks.map(known => known.taskId);
  assert.ok(listed.includes(task.taskId) && listed.includes(taskId));
  await assert.rejects(
    everything.request(
      { method: 'tools/call', params: { name: 'greet', arguments: { name: 'ada' }, task: {} } },
      CreateTaskResultSchema,
    ),
    { code: -32601 },
  );
});
await everything.close();
java.kill('SIGTERM');
process.exit(0);
