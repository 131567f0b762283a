// What the audit log says, and whether it is as it was written.

import { el, button, field, select, table, row, badge, notice } from '../dom.js';
import { t, word, when, count } from '../i18n.js';
import { ask } from '../api.js';
import { attempt, paged } from './pages.js';

const KINDS = ['AUTHENTICATION', 'DECISION', 'LIMIT', 'GRANT', 'APPROVAL', 'KEY', 'USER', 'ADMINISTRATION', 'LOG'];
const OUTCOMES = ['ALLOWED', 'CHALLENGED', 'DENIED', 'FAILED'];
const COLORS = { ALLOWED: 'good', CHALLENGED: 'warn', DENIED: 'bad', FAILED: 'bad' };
const SIZE = 50;

/** Kept while somebody is signed in: what was found, when, and for whom. */
let verified = null;

function verdict() {
  if (!verified) return el('p', {}, badge('calm', t('audit.unverified')), ' ', t('audit.unverified.hint'));
  const { result, at } = verified;
  return el('div', {},
    el('p', {}, result.clean ? badge('good', t('audit.clean')) : badge('bad', t('audit.broken')), ' ',
      t('audit.verified', { records: count(result.records), streams: count(result.streams), at: when(at) })),
    result.clean ? null : el('ul', { class: 'findings' }, ...result.findings.map(finding => el('li', {}, finding))));
}

const instant = text => (text ? new Date(text).toISOString() : undefined);

function filters(submit) {
  const any = [['', t('any')]];
  const inputs = {
    subject: el('input', { maxlength: '256' }),
    target: el('input', { maxlength: '1000' }),
    kind: select([...any, ...KINDS.map(kind => [kind, word('kind', kind)])], ''),
    outcome: select([...any, ...OUTCOMES.map(outcome => [outcome, word('outcome', outcome)])], ''),
    from: el('input', { type: 'datetime-local' }),
    to: el('input', { type: 'datetime-local' }),
  };
  const form = el('form', { class: 'grid', role: 'search' },
    ...Object.entries(inputs).map(([name, input]) => field(t(`audit.${name}`), input)),
    el('div', { class: 'buttons' }, el('button', { type: 'submit', class: 'primary' }, t('audit.search'))));
  form.addEventListener('submit', event => {
    event.preventDefault();
    submit();
  });
  const given = () => {
    const { from, to, ...rest } = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.value.trim()]));
    const all = { ...rest, from: instant(from), to: instant(to) };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value));
  };
  return { form, given };
}

export default {
  id: 'audit',
  show(content, { who }) {
    if (verified?.who !== who) verified = null;
    const told = el('div', { 'aria-live': 'polite' });
    const list = el('div', { id: 'records' });
    const state = el('div', { id: 'verdict', role: 'status' }, verdict());
    const { form, given } = filters(() => found.reload());

    const found = paged(list, told, async after => {
      told.replaceChildren();
      const page = await ask('search_audit', { ...given(), limit: SIZE, ...(after ? { after } : {}) });
      return { items: page.events, next: page.next ?? null };
    }, events => table(t('audit.records'),
      ['audit.at', 'audit.kind', 'audit.outcome', 'audit.subject', 'audit.method', 'audit.target', 'audit.reason'].map(key => t(key)),
      events.map(event => row(
        when(event.at), word('kind', event.kind), el('td', {}, badge(COLORS[event.outcome] ?? 'calm', word('outcome', event.outcome))),
        event.tenant ? `${event.tenant} / ${event.subject ?? '–'}` : event.subject ?? '–', event.method ?? '', event.target ?? '', event.reason ?? ''))));

    const verify = button(t('audit.verify'), async () => {
      state.replaceChildren(notice('info', t('audit.verifying')));
      const well = await attempt(told, async () => {
        verified = { result: await ask('verify_audit', {}), at: new Date(), who };
        told.replaceChildren();
      });
      state.replaceChildren(verdict());
      if (well) await found.reload();
    });
    content.append(told,
      el('section', { class: 'card' }, el('h2', {}, t('audit.state')), state, el('div', { class: 'buttons' }, verify)),
      el('section', { class: 'card' }, el('h2', {}, t('audit.records')), form, list));
    found.reload();
  },
};
