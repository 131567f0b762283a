// What the page asks of its server. The browser adds the session, which nothing here can read.

const BASE = new URL('api/', import.meta.url);
const VERSION = '2026-07-28';

/** The server said no; its words are for whoever sits in front of the page. */
export class Refused extends Error {
  constructor(status, message, data) {
    super(message);
    this.status = status;
    this.data = data;
  }
}

let signedOut = () => {};

/** What happens when a request finds that nobody is signed in any more. */
export const onSignedOut = action => { signedOut = action; };

async function send(path, method, body, headers = {}) {
  const response = await fetch(new URL(path, BASE), {
    method,
    headers: body === undefined ? headers : { 'Content-Type': 'application/json', ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
    credentials: 'same-origin',
    redirect: 'error',
    cache: 'no-store',
  }).catch(() => {
    throw new Refused(0, 'offline');
  });
  const text = await response.text();
  let answer = null;
  try {
    answer = text === '' ? null : JSON.parse(text);
  } catch {
    answer = null; // of a proxy in between, perhaps
  }
  if (response.ok) return answer;
  const refused = new Refused(
    response.status, answer?.error?.message ?? answer?.error ?? `HTTP ${response.status}`, answer?.error?.data);
  if (response.status === 401 && path !== 'session') signedOut(refused); // there it is a wrong key
  throw refused;
}

const query = parameters => {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
};

export const signIn = key => send('session', 'POST', { key });
/** Who is signed in, or null. */
export const whoAmI = () => send('session', 'GET');
export const signOut = () => send('session/end', 'POST', {});
export const live = since => send(`live${query({ since })}`, 'GET');
export const revenue = () => send('revenue', 'GET');

/** The administrator routes of the server. */
export const look = (path, parameters = {}) => send(`admin/${path}${query(parameters)}`, 'GET');
export const change = (path, body) => send(`admin/${path}`, 'POST', body, { 'Idempotency-Key': newKey() });

/** Random; not crypto.randomUUID, which pages without TLS do not have. */
const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('');

let lastId = 0;

const header = text => (/^[\x21-\x7e]+( +[\x21-\x7e]+)*$/.test(text) && !text.startsWith('=?')
  ? text
  : `=?base64?${btoa(String.fromCharCode(...new TextEncoder().encode(text)))}?=`);

/** A request to the MCP endpoint, as any client would make it. */
export async function rpc(method, params = {}) {
  const name = params.name ?? params.uri;
  const answer = await send('mcp', 'POST', {
    jsonrpc: '2.0',
    id: ++lastId,
    method,
    params: {
      ...params,
      _meta: {
        'io.modelcontextprotocol/protocolVersion': VERSION,
        'io.modelcontextprotocol/clientInfo': { name: 'mortise-console', version: '1' },
        'io.modelcontextprotocol/clientCapabilities': {},
      },
    },
  }, { 'MCP-Protocol-Version': VERSION, 'Mcp-Method': method, ...(name ? { 'Mcp-Name': header(name) } : {}) });
  if (answer?.error) throw new Refused(200, answer.error.message, answer.error.data);
  return answer?.result;
}

/** What a tool answers, failures of the tool included. */
export const callTool = (name, args) => rpc('tools/call', { name, arguments: args });

/** What a tool gives; what it says otherwise is thrown. */
export async function ask(name, args) {
  const result = await callTool(name, args);
  if (result.isError) throw new Refused(200, textOf(result));
  return result.structuredContent;
}

export const textOf = result =>
  (result.content ?? []).filter(block => block.type === 'text').map(block => block.text).join('\n');

/** All tools that whoever is signed in may see. */
export async function tools() {
  const all = [];
  let cursor;
  do {
    const page = await rpc('tools/list', cursor ? { cursor } : {});
    all.push(...page.tools);
    cursor = page.nextCursor;
  } while (cursor);
  return all;
}
