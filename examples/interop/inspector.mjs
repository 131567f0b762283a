// The Inspector's command line against both quickstarts.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { prepare } from './checks.mjs';
import { folder, startHttp, stdio } from './servers.mjs';

const cli = path.join(import.meta.dirname, 'node_modules', '.bin', 'mcp-inspector');
const IS_ERROR = 5;

// So that it leaves nothing in the home of the user.
const own = path.join(import.meta.dirname, 'inspector');
const env = {
  ...process.env,
  MCP_CATALOG_PATH: path.join(own, 'mcp.json'),
  MCP_CLIENT_CONFIG_PATH: path.join(own, 'client.json'),
  MCP_STORAGE_DIR: path.join(own, 'storage'),
  MCP_INSPECTOR_SECRET_STORE: 'memory',
};

let era = [];

function inspect(target, ...options) {
  const fixed = ['--cli', ...target, ...era, '--format', 'json', '--quiet'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...fixed, ...options], { encoding: 'utf8', env });
  return { status, stdout, stderr };
}

function result(target, ...options) {
  const { status, stdout, stderr } = inspect(target, ...options);
  assert.equal(status, 0, `${options.join(' ')}: ${stderr}`);
  return JSON.parse(stdout).result;
}

await prepare(folder);
const server = await startHttp();
const targets = Object.entries({ http: [server.url], stdio: [stdio.command, ...stdio.args] });
// As it comes it speaks an earlier revision.
const eras = [['as it comes', []], ['modern', ['--protocol-era', 'modern']]];
for (const [[name, target], [spoken, options]] of targets.flatMap(target => eras.map(which => [target, which]))) {
  era = options;
  const { tools } = result(target, '--method', 'tools/list', '--strict');
  assert.equal(tools.length, 4);

  const search = ['--method', 'tools/call', '--tool-name', 'search_documents', '--tool-arg', 'query=quokkaword'];
  assert.equal(result(target, ...search).structuredContent.documents[0].title, 'Interop sample');
  assert.equal(inspect(target, ...search, '--tool-arg', 'limit=1000').status, IS_ERROR);

  const { resources } = result(target, '--method', 'resources/list');
  const { uri } = resources.find(resource => resource.name === '指南/网关.md');
  assert.match(result(target, '--method', 'resources/read', '--uri', uri).contents[0].text, /袋鼠/);
  assert.equal(result(target, '--method', 'resources/templates/list').resourceTemplates.length, 1);

  assert.equal(result(target, '--method', 'prompts/list').prompts.length, 1);
  const outline = ['--method', 'prompts/get', '--prompt-name', 'outline', '--prompt-args', 'document=interop sample.md'];
  assert.match(result(target, ...outline).messages[0].content.text, /- Part two/);
  console.log(`  ok  lists, calls, reads and prompts over ${name}, ${spoken}`);
}
await server.stop();
process.exit(0);
