// What tenants have used of what their plans allow.

import { el, table, row, number, badge, button } from '../dom.js';
import { t, bytes, count, percent, when, word } from '../i18n.js';
import { look } from '../api.js';
import { attempt, paged, byId, reason } from './pages.js';

const SIZE = 20;
const MOST_KEYS = 500;

const amount = (meter, value) =>
  (value === undefined ? '–' : meter.meter === 'storage' ? bytes(value) : count(value));

/** A bar and its figures; what is not limited has no bar. */
function share(meter) {
  const limit = meter.hardLimit ?? meter.included;
  if (limit === undefined) return el('td', {}, t('usage.unlimited'));
  const used = limit === 0 ? 1 : meter.used / limit;
  return el('td', { class: 'share' },
    el('meter', { min: '0', max: '1', value: Math.min(1, used), low: '0.8', high: '0.95', optimum: '0', 'aria-label': t('usage.share', { meter: meter.meter }) }),
    ' ', badge(used >= 1 ? 'bad' : used >= 0.8 ? 'warn' : 'calm', percent(used)));
}

function tenantCard(tenant) {
  const host = el('div', {}, el('p', { class: 'empty' }, t('loading')));
  const heading = `usage-${tenant.id}`;
  look('billing/usage', { tenant: tenant.id }).then(usage => {
    host.replaceChildren(
      el('p', { class: 'hint' }, usage.plan ? t('usage.plan', { plan: usage.plan }) : t('usage.noplan')),
      usage.meters.length === 0 ? el('p', { class: 'empty' }, t('nothing')) : table(t('usage.of', { tenant: tenant.name }),
        ['usage.meter', 'usage.used', 'usage.included', 'usage.limit', 'usage.quota', 'usage.resets'].map(key => t(key)),
        usage.meters.map(meter => row(word('meter', meter.meter), number(amount(meter, meter.used)),
          number(amount(meter, meter.included)),
          number(amount(meter, meter.hardLimit)), share(meter), when(meter.resetsAt))), [1, 2, 3]));
  }, problem => host.replaceChildren(el('p', { class: 'notice bad' }, reason(problem))));
  return el('article', { class: 'card', 'aria-labelledby': heading, 'data-tenant': tenant.id },
    el('h2', { id: heading }, tenant.name, ' ', tenant.name === tenant.id ? '' : el('code', {}, tenant.id)), host);
}

const shown = new Set();

/** Accounts in the books; at their end, tenants that have keys and are not in the books yet. */
async function tenants(after) {
  if (!after) shown.clear();
  const page = byId((await look('billing/tenants', { after, limit: SIZE })).items, SIZE);
  page.items.forEach(tenant => shown.add(tenant.id));
  if (page.next) return page;
  const { items } = await look('keys', { limit: MOST_KEYS });
  const named = new Set(items.map(key => key.tenant).filter(Boolean));
  shown.forEach(id => named.delete(id));
  return { items: [...page.items, ...[...named].sort().map(id => ({ id, name: id }))], next: null };
}

export default {
  id: 'usage',
  show(content) {
    const told = el('div', { 'aria-live': 'polite' });
    const list = el('div', {});
    const all = paged(list, told, tenants,
      known => el('div', {}, ...known.map(tenantCard)));
    content.append(told, el('p', { class: 'hint' }, t('usage.hint')), el('div', { class: 'buttons' }, button(t('refresh'), () => attempt(told, all.reload))), list);
    all.reload();
  },
};
