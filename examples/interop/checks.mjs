// What every client should see of the documents server, over whichever transport it is connected.

import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { Client, UriTemplate } from '@modelcontextprotocol/client';

const REVISION = '2026-07-28';
const PATIENCE = 10_000;

/** Names a step, so that a failure says where it happened. */
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

/** Documents that the checks know, beside whatever the folder has. */
export async function prepare(folder) {
  await fs.mkdir(path.join(folder, '指南'), { recursive: true });
  await fs.writeFile(path.join(folder, 'interop sample.md'), '# Interop sample\n\nA quokkaword stands here.\n\n## Part two\n');
  await fs.writeFile(path.join(folder, '指南', '网关.md'), '# 网关变量\n\n袋鼠变量只在这里。\n');
  await fs.writeFile(path.join(folder, 'doomed.md'), '# Doomed\n');
}

/** What the clients did not expect of their servers, though it was nobody's request that failed. */
export const errors = [];

/** A client whose user answers questions as `answer` says; without it, one that cannot ask its user. */
export async function connect(transport, answer) {
  const client = new Client(
    { name: 'mortise-interop', version: '1' },
    {
      capabilities: answer ? { elicitation: { form: {} } } : {},
      versionNegotiation: { mode: { pin: REVISION } },
    },
  );
  if (answer) client.setRequestHandler('elicitation/create', request => answer(request.params));
  client.onerror = error => errors.push(error);
  await client.connect(transport);
  return client;
}

/** Everything but how the connection begins and ends; both clients speak to a server over the folder. */
export async function check(client, folder, mute) {
  const text = result => result.content[0].text;

  await step('the server says what it is', async () => {
    assert.equal(client.getNegotiatedProtocolVersion(), REVISION);
    assert.equal(client.getServerVersion().name, 'mortise-documents');
    assert.match(client.getInstructions(), /search_documents/);
  });

  let total;
  await step('tools are listed and called, their results fit their schemas', async () => {
    const { tools } = await client.listTools();
    assert.deepEqual(tools.map(tool => tool.name), ['add_note', 'delete_document', 'list_documents', 'search_documents']);
    const listed = await client.callTool({ name: 'list_documents', arguments: { limit: 1000 } });
    total = listed.structuredContent.total;
    assert.ok(listed.structuredContent.documents.some(found => found.name === 'interop sample.md'));
    const english = await client.callTool({ name: 'search_documents', arguments: { query: 'quokkawords' } });
    assert.equal(english.structuredContent.documents[0].title, 'Interop sample');
    assert.match(english.structuredContent.documents[0].snippet, /A quokkaword stands here/);
    const chinese = await client.callTool({ name: 'search_documents', arguments: { query: '袋鼠' } });
    assert.equal(chinese.structuredContent.documents[0].name, '指南/网关.md');
  });

  await step('wrong arguments are something the model can mend', async () => {
    const result = await client.callTool({ name: 'search_documents', arguments: { query: 'x', limit: 1000 } });
    assert.equal(result.isError, true);
    assert.match(text(result), /limit/);
  });

  await step('an unknown tool is an error', () =>
    assert.rejects(client.callTool({ name: 'no_such_tool', arguments: {} }), { code: -32602 }));

  await step('resources are listed page by page and read', async () => {
    const { resources } = await client.listResources();
    assert.equal(resources.length, total);
    const sample = resources.find(resource => resource.name === 'interop sample.md');
    assert.equal(sample.title, 'Interop sample');
    assert.equal(sample.mimeType, 'text/markdown');
    const { contents } = await client.readResource({ uri: sample.uri });
    assert.match(contents[0].text, /quokkaword/);
  });

  await step('a template leads to a document in a folder', async () => {
    const { resourceTemplates } = await client.listResourceTemplates();
    const uri = new UriTemplate(resourceTemplates[0].uriTemplate).expand({ path: '指南/网关.md' });
    assert.match((await client.readResource({ uri })).contents[0].text, /袋鼠/);
  });

  await step('nothing outside of the folder is read', async () => {
    for (const uri of ['docs:///none.md', 'docs:///../doomed.md', 'docs:///..%2F..%2Fetc%2Fpasswd', 'file:///etc/passwd']) {
      await assert.rejects(client.readResource({ uri }), { code: -32602 }, uri);
    }
  });

  await step('a prompt is got', async () => {
    assert.equal((await client.listPrompts()).prompts[0].name, 'outline');
    const { messages } = await client.getPrompt({ name: 'outline', arguments: { document: 'interop sample.md' } });
    assert.match(messages[0].content.text, /- Part two/);
    assert.match(messages[1].content.resource.text, /quokkaword/);
    await assert.rejects(client.getPrompt({ name: 'outline', arguments: {} }), { code: -32602 });
  });

  await step('names are completed', async () => {
    const prompt = { ref: { type: 'ref/prompt', name: 'outline' }, argument: { name: 'document', value: 'interop' } };
    assert.deepEqual((await client.complete(prompt)).completion.values, ['interop sample.md']);
    const template = { ref: { type: 'ref/resource', uri: 'docs:///{+path}' }, argument: { name: 'path', value: '网' } };
    assert.ok((await client.complete(template)).completion.values.includes('指南/网关.md'));
  });

  await step('a listener hears of changes on the disk', async () => {
    const heard = [];
    let wake = () => {};
    const hear = notification => {
      heard.push(notification);
      wake();
    };
    client.setNotificationHandler('notifications/resources/updated', hear);
    client.setNotificationHandler('notifications/resources/list_changed', hear);
    const next = async what => {
      if (heard.length === 0) await within(new Promise(resolve => (wake = resolve)), what);
      return heard.shift();
    };

    const uri = 'docs:///interop%20sample.md';
    const listening = await client.listen({ resourcesListChanged: true, resourceSubscriptions: [uri] });
    assert.deepEqual(listening.honoredFilter, { resourcesListChanged: true, resourceSubscriptions: [uri] });
    await fs.appendFile(path.join(folder, 'interop sample.md'), 'More.\n');
    const updated = await next('an update');
    assert.equal(updated.method, 'notifications/resources/updated');
    assert.equal(updated.params.uri, uri);
    await fs.writeFile(path.join(folder, 'another.md'), '# Another\n');
    assert.equal((await next('a change of the list')).method, 'notifications/resources/list_changed');
    await listening.close();
    assert.equal(await within(listening.closed, 'the end'), 'local');
  });

  await step('a note is added once', async () => {
    const note = { name: 'add_note', arguments: { name: 'from a client', text: '# Note' } };
    assert.equal((await client.callTool(note)).structuredContent.uri, 'docs:///from%20a%20client.md');
    const again = await client.callTool(note);
    assert.equal(again.isError, true);
    assert.match(text(again), /already/);
  });

  const doomed = path.join(folder, 'doomed.md');
  const deletion = { name: 'delete_document', arguments: { name: 'doomed.md' } };
  const exists = () => fs.access(doomed).then(() => true, () => false);

  await step('a client that cannot ask its user deletes nothing', async () => {
    await assert.rejects(mute.callTool(deletion), { code: -32021 });
    assert.ok(await exists());
  });

  await step('the user declines a deletion', async () => {
    answers.push({ action: 'decline' });
    const declined = await client.callTool(deletion);
    assert.equal(declined.isError, true);
    assert.match(text(declined), /declined/);
    assert.ok(await exists());
  });

  await step('the user accepts a deletion', async () => {
    answers.push({ action: 'accept', content: { delete: true } });
    assert.equal(text(await client.callTool(deletion)), 'doomed.md is deleted.');
    assert.ok(!(await exists()));
    assert.match(questions.at(-1).message, /^Delete doomed\.md \(9 bytes/);
    assert.equal(questions.at(-1).requestedSchema.properties.delete.type, 'boolean');
  });

  assert.equal(answers.length, 0);
}

const answers = [];
const questions = [];

/** The user of the first client. */
export function user(params) {
  questions.push(params);
  assert.ok(answers.length > 0, 'nobody expected a question');
  return answers.shift();
}
