// What searching the knowledge base gives, with what was looked for marked.

import { el, button, field, badge } from '../dom.js';
import { t, count } from '../i18n.js';
import { ask, rpc } from '../api.js';
import { attempt } from './pages.js';

/** A snippet has ** around what was looked for. Its pieces become texts and marks, never markup. */
export const marked = snippet => snippet.split('**').map((piece, index) =>
  (index % 2 === 1 ? el('mark', {}, piece) : piece));

function hit(found, rank, told) {
  const heading = `hit-${rank}`;
  const text = el('div', {});
  const read = button(t('search.read'), async () => {
    await attempt(told, async () => {
      const { contents } = await rpc('resources/read', { uri: found.uri });
      text.replaceChildren(el('pre', { tabindex: '0', 'aria-label': t('search.document') }, contents.map(part => part.text ?? '').join('\n')));
    });
  }, { 'aria-label': t('search.read.of', { title: found.title }) });
  return el('article', { class: 'card hit', 'aria-labelledby': heading },
    el('h3', { id: heading }, found.title || found.document),
    el('p', { class: 'hint' }, [found.collection, found.document, ...(found.headings ?? [])].join(' › ')),
    el('p', { class: 'snippet' }, ...marked(found.snippet)),
    el('p', { class: 'hint' }, t('search.score', { score: count(found.score, 3), start: count(found.start), end: count(found.end) })),
    el('div', { class: 'buttons' }, read), text);
}

export default {
  id: 'search',
  show(content) {
    const told = el('div', { 'aria-live': 'polite' });
    const hits = el('div', { id: 'hits' });
    const query = el('input', { type: 'search', required: true, maxlength: '2000', id: 'query' });
    const collection = el('input', { maxlength: '200' });
    const limit = el('input', { type: 'number', min: '1', max: '50', step: '1', value: '8' });
    const form = el('form', { class: 'grid', role: 'search' },
      el('div', { class: 'wide' }, field(t('search.query'), query, t('search.query.hint'))),
      field(t('search.collection'), collection, t('search.collection.hint')),
      field(t('search.limit'), limit),
      el('div', { class: 'buttons' }, el('button', { type: 'submit', class: 'primary' }, t('search.do'))));
    form.addEventListener('submit', async event => {
      event.preventDefault();
      await attempt(told, async () => {
        const began = performance.now();
        const found = await ask('search_knowledge', {
          query: query.value, limit: Number(limit.value) || 8, ...(collection.value.trim() ? { collection: collection.value.trim() } : {}),
        });
        const took = performance.now() - began;
        told.replaceChildren(el('p', { role: 'status' },
          t('search.found', { count: found.hits.length, time: count(took) }), ' ',
          found.degraded ? badge('warn', t('search.degraded')) : ''));
        hits.replaceChildren(...found.hits.map((each, index) => hit(each, index, told)));
      });
    });
    content.append(el('section', { class: 'card' }, form), told, hits);
  },
};
