// Starts the quickstarts as a user would.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

const [examples, folder] = process.argv.slice(2);
assert.ok(folder, 'usage: node SCRIPT EXAMPLES FOLDER');

export { folder };

/** The command of the stdio quickstart. */
export const stdio = { command: path.join(examples, 'quickstart-stdio', 'run'), args: [folder], stderr: 'ignore' };

/** Starts the HTTP quickstart; `stop` sends SIGTERM and waits until it is gone. */
export async function startHttp() {
  const server = spawn(path.join(examples, 'quickstart-http', 'run'), ['0', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.on('exit', () => server.kill('SIGKILL'));
  const ended = once(server, 'exit');
  let url;
  for await (const line of createInterface({ input: server.stdout })) {
    url = /^listening on (\S+)$/.exec(line)?.[1];
    if (url) break;
  }
  assert.ok(url, 'the server did not start');
  const stop = async () => {
    server.kill('SIGTERM');
    const [code, signal] = await ended;
    assert.ok(code === 143 || signal === 'SIGTERM', `the server ended with ${code ?? signal}`);
  };
  return { url, stop };
}
