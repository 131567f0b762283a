// API keys: made, shown once, exchanged and revoked.

import { el, button, field, select, notice, table, row, badge } from '../dom.js';
import { t, word, when, day } from '../i18n.js';
import { look, change } from '../api.js';
import { attempt, paged, byId, confirm } from './pages.js';

const SIZE = 50;
const DAY = 86400;
const LEVELS = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'];

const split = text => text.split(/[\s,]+/).filter(Boolean);

function stateOf(key) {
  if (key.revokedAt) return ['bad', 'revoked'];
  if (key.expiresAt && new Date(key.expiresAt) <= new Date()) return ['calm', 'expired'];
  return ['good', 'good'];
}

/** The one time that a key is seen. */
function shownOnce(answer, done) {
  const secret = el('input', { id: 'secret', class: 'secret', readonly: true, value: answer.secret, spellcheck: 'false' });
  const told = el('span', { class: 'told', role: 'status' });
  const copy = button(t('copy'), async () => {
    secret.select();
    try {
      await navigator.clipboard.writeText(secret.value);
      told.textContent = t('copied');
    } catch {
      told.textContent = t('keys.copy.byhand');
    }
  });
  return el('section', { class: 'card important', 'aria-labelledby': 'secret-title' },
    el('h2', { id: 'secret-title' }, t('keys.once')),
    el('p', {}, t('keys.once.hint')),
    el('label', { for: 'secret', class: 'hidden' }, t('keys.secret')), secret,
    el('div', { class: 'buttons' }, copy, button(t('keys.once.done'), done), told));
}

function form(person, made, told) {
  const subject = el('input', { required: true, maxlength: '256', id: 'key-subject' });
  const tenant = el('input', { maxlength: '256', id: 'key-tenant' });
  const label = el('input', { maxlength: '256', id: 'key-label' });
  const reach = select(LEVELS.map(level => [level, word('level', level)]), 'MEDIUM', { id: 'key-reach' });
  const scopes = el('input', { id: 'key-scopes', spellcheck: 'false' });
  const tools = el('input', { id: 'key-tools', spellcheck: 'false' });
  const days = el('input', { type: 'number', min: '1', max: '3650', step: '1', id: 'key-days' });
  const filled = el('form', { class: 'grid' },
    field(t('keys.subject'), subject, t('keys.subject.hint')),
    person.tenant ? null : field(t('keys.tenant'), tenant, t('keys.tenant.hint')),
    field(t('keys.label'), label), field(t('keys.reach'), reach, t('keys.reach.hint')),
    field(t('keys.scopes'), scopes, t('keys.scopes.hint')), field(t('keys.tools'), tools, t('keys.tools.hint')),
    field(t('keys.days'), days, t('keys.days.hint')),
    el('div', { class: 'buttons' }, el('button', { type: 'submit', class: 'primary' }, t('keys.create'))));
  filled.addEventListener('submit', async event => {
    event.preventDefault();
    const names = split(tools.value);
    await attempt(told, async () => {
      const answer = await change('keys', {
        subject: subject.value.trim(), label: label.value.trim(), reach: reach.value.toLowerCase(), scopes: split(scopes.value),
        ...(tenant.value.trim() ? { tenant: tenant.value.trim() } : {}),
        ...(names.length > 0 ? { tools: names } : {}),
        ...(days.value ? { seconds: Number(days.value) * DAY } : {}),
      });
      filled.reset();
      made(answer);
    });
  });
  return filled;
}

export default {
  id: 'keys',
  show(content, { who }) {
    const told = el('div', { 'aria-live': 'polite' });
    const once = el('div', {});
    const list = el('div', { id: 'key-list' });
    const columns = ['keys.subject', 'keys.label', 'keys.state', 'keys.reach', 'keys.scopes', 'keys.created', 'keys.used', 'keys.ends', 'keys.do']
      .map(key => t(key));

    function made(answer) {
      told.replaceChildren();
      once.replaceChildren(shownOnce(answer, () => {
        once.replaceChildren(); // nothing of it stays
        content.querySelector('#key-subject').focus();
      }));
      once.querySelector('#secret').focus();
      all.reload();
    }

    async function rotate(key) {
      if (!await confirm(t('keys.rotate.sure', { label: key.label || key.id }), t('keys.rotate'))) return;
      await attempt(told, async () => made(await change('keys/rotate', { id: key.id })));
    }

    async function revoke(key) {
      if (!await confirm(t('keys.revoke.sure', { label: key.label || key.id }), t('keys.revoke'))) return;
      await attempt(told, async () => {
        await change('keys/revoke', { id: key.id });
        told.replaceChildren(notice('good', t('keys.revoked.done')));
        await all.reload();
      });
    }

    function render(keys) {
      return table(t('keys.list'), columns, keys.map(key => {
        const [kind, state] = stateOf(key);
        const name = key.label || key.id;
        const made = row(
          key.tenant ? `${key.tenant} / ${key.subject}` : key.subject,
          el('td', {}, el('span', {}, key.label), el('code', { class: 'id' }, key.id)),
          el('td', {}, badge(kind, word('key', state))), word('level', key.reach),
          [...key.scopes, ...(key.tools ?? []).map(tool => t('keys.tool', { tool }))].join(', ') || '–',
          day(key.createdAt), when(key.lastUsedAt), when(key.expiresAt),
          el('td', {}, el('div', { class: 'actions' }, ...(state === 'good' ? [
            button(t('keys.rotate'), () => rotate(key), { 'aria-label': t('keys.rotate.of', { name }) }),
            button(t('keys.revoke'), () => revoke(key), { class: 'danger', 'aria-label': t('keys.revoke.of', { name }) }),
          ] : []))));
        made.dataset.id = key.id;
        return made;
      }));
    }

    const all = paged(list, told,
      async after => byId((await look('keys', { after, limit: SIZE })).items, SIZE), render);
    content.append(told, once,
      el('section', { class: 'card' }, el('h2', {}, t('keys.new')), form(who, made, told)),
      el('section', { class: 'card' }, el('h2', {}, t('keys.list')), list));
    all.reload();
  },
};
