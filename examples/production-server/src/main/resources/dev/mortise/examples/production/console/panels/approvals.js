// Calls that wait for somebody to decide.

import { el, button, notice, table, row, badge, select, field } from '../dom.js';
import { t, word, when } from '../i18n.js';
import { look, change } from '../api.js';
import { attempt, paged, byId, prettyText } from './pages.js';

const SIZE = 50;
const DECIDED = ['APPROVED', 'DENIED', 'USED', 'REVOKED'];
const KINDS = { APPROVED: 'good', USED: 'good', DENIED: 'bad', REVOKED: 'calm', PENDING: 'warn' };

const person = request => (request.tenant ? `${request.tenant} / ${request.subject}` : request.subject);

function waiting(request, decide) {
  const heading = `${request.id}-title`;
  return el('article', { class: 'card request', 'aria-labelledby': heading, 'data-id': request.id },
    el('h3', { id: heading }, request.purpose === 'STEP_UP'
      ? t('approvals.stepup', { who: person(request), tool: request.name })
      : t('approvals.call', { who: person(request), tool: request.name })),
    request.purpose === 'STEP_UP' ? null : el('pre', { tabindex: '0', 'aria-label': t('approvals.arguments') }, prettyText(request.arguments)),
    el('p', { class: 'hint' }, t('approvals.until', { asked: when(request.createdAt), until: when(request.expiresAt) })),
    el('div', { class: 'buttons' },
      button(t('approvals.approve'), () => decide(request, 'approve'), { class: 'primary' }),
      button(t('approvals.deny'), () => decide(request, 'deny'), { class: 'danger' })));
}

export default {
  id: 'approvals',
  show(content, { poll }) {
    const told = el('div', { 'aria-live': 'polite' });
    const list = el('div', { id: 'waiting' });
    const past = el('div', { id: 'decided' });
    const status = select(DECIDED.map(one => [one, word('approval', one)]), 'USED');
    let known = -1;

    async function decide(request, decision) {
      await attempt(told, async () => {
        await change('approvals/decide', { id: request.id, decision });
        told.replaceChildren(notice('good', t(`approvals.${decision}.done`, { tool: request.name })));
      });
      await Promise.all([open.reload(), decided.reload(), poll.now()]);
    }

    const open = paged(list, told,
      async after => byId((await look('approvals', { status: 'pending', after, limit: SIZE })).items, SIZE),
      requests => el('div', {}, ...requests.map(request => waiting(request, decide))));
    const decided = paged(past, told,
      async after => byId((await look('approvals', { status: status.value.toLowerCase(), after, limit: SIZE })).items, SIZE),
      requests => table(t('approvals.decided'),
        ['approvals.who', 'approvals.tool', 'approvals.state', 'approvals.by', 'approvals.at'].map(key => t(key)),
        requests.map(request => row(
          person(request), request.name, el('td', {}, badge(KINDS[request.status] ?? 'calm', word('approval', request.status))),
          request.by ?? '–', when(request.decidedAt)))));
    status.addEventListener('change', () => decided.reload());
    content.append(told,
      el('section', {}, el('h2', {}, t('approvals.waiting')), list),
      el('section', { class: 'card' }, el('h2', {}, t('approvals.decided')), field(t('approvals.state'), status), past));
    decided.reload();
    return poll.onNews('panel', news => {
      if (news.waiting !== known) open.reload();
      known = news.waiting;
    });
  },
};
