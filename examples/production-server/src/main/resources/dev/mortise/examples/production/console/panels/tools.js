// Calls the real tools, as whoever is signed in.

import { el, field, badge, notice } from '../dom.js';
import { t, count } from '../i18n.js';
import { callTool, tools as allTools } from '../api.js';
import { formOf } from '../form.js';
import { attempt, pretty } from './pages.js';

const PICTURES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

function block(content) {
  if (content.type === 'text') return el('pre', { tabindex: '0', 'aria-label': t('tools.text') }, content.text);
  if (content.type === 'image' && PICTURES.has(content.mimeType)) {
    return el('img', { class: 'picture', src: `data:${content.mimeType};base64,${content.data}`, alt: t('tools.picture') });
  }
  return el('pre', { tabindex: '0', 'aria-label': content.type }, pretty(content));
}

function shown(result, took) {
  return [
    el('p', { role: 'status' }, result.isError ? badge('bad', t('tools.failed')) : badge('good', t('tools.done')), ' ', t('tools.took', { time: count(took) })),
    el('h3', {}, t('tools.text')),
    ...(result.content ?? []).map(block),
    ...(result.structuredContent === undefined ? [] : [
      el('h3', {}, 'JSON'), el('pre', { id: 'json', tabindex: '0', 'aria-label': 'JSON' }, pretty(result.structuredContent)),
    ]),
  ];
}

function properties(tool) {
  const hints = tool.annotations ?? {};
  return [
    hints.readOnlyHint ? badge('good', t('tools.reads')) : badge(hints.destructiveHint === false ? 'calm' : 'warn', hints.destructiveHint === false ? t('tools.adds') : t('tools.changes')),
    hints.openWorldHint ? badge('calm', t('tools.outside')) : null,
  ];
}

function playground(tool) {
  const form = formOf(tool.inputSchema ?? {});
  const told = el('div', {});
  const output = el('div', { id: 'result', 'aria-live': 'polite' });
  const submit = el('button', { type: 'submit', class: 'primary' }, t('tools.call'));
  const filled = el('form', {},
    ...(form.nodes.length === 0 ? [el('p', { class: 'hint' }, t('tools.none'))] : form.nodes), el('div', { class: 'buttons' }, submit));
  filled.addEventListener('submit', async event => {
    event.preventDefault();
    let args;
    try {
      args = form.read();
    } catch {
      return; // the field says so itself
    }
    submit.disabled = true;
    told.replaceChildren();
    output.replaceChildren(notice('info', t('tools.running')));
    const began = performance.now();
    const well = await attempt(told, async () => {
      const result = await callTool(tool.name, args);
      output.replaceChildren(...shown(result, performance.now() - began));
    });
    if (!well) output.replaceChildren();
    submit.disabled = false;
  });
  return [
    el('h2', {}, tool.title ?? tool.name),
    el('p', {}, el('code', {}, tool.name), ' ', ...properties(tool)),
    el('p', {}, tool.description ?? ''),
    filled, told, output,
  ];
}

export default {
  id: 'tools',
  show(content) {
    const told = el('div', { 'aria-live': 'polite' });
    const filter = el('input', { type: 'search', autocomplete: 'off' });
    const names = el('ul', { class: 'names' });
    const chosen = el('section', { class: 'card', id: 'tool', 'aria-label': t('tools.chosen') }, el('p', { class: 'empty' }, t('tools.choose')));
    let known = [];
    content.append(told, el('div', { class: 'sides' },
      el('div', { class: 'card' }, field(t('tools.filter'), filter), names), chosen));

    function choose(tool, link) {
      names.querySelector('[aria-current]')?.removeAttribute('aria-current');
      link.setAttribute('aria-current', 'true');
      chosen.replaceChildren(...playground(tool));
      const first = chosen.querySelector('input, textarea, select, button');
      first?.focus();
    }

    function list() {
      const wanted = filter.value.trim().toLowerCase();
      const fitting = known.filter(tool => `${tool.name} ${tool.title ?? ''} ${tool.description ?? ''}`.toLowerCase().includes(wanted));
      names.replaceChildren(...fitting.map(tool => {
        const link = el('button', { type: 'button', class: 'choice', 'data-tool': tool.name }, el('span', {}, tool.title ?? tool.name), el('code', {}, tool.name));
        link.addEventListener('click', () => choose(tool, link));
        return el('li', {}, link);
      }));
    }

    filter.addEventListener('input', list);
    attempt(told, async () => {
      known = await allTools();
      list();
    });
  },
};
