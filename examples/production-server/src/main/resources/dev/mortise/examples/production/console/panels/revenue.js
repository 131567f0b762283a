// What was invoiced, in all and to each tenant.

import { el, table, row, number, notice } from '../dom.js';
import { t, count, money, when, language } from '../i18n.js';
import { revenue } from '../api.js';
import { attempt } from './pages.js';

const amount = value => number(money(value.minor, value.currency));

/** The statement itself is a page of its own, which the session opens, too. */
const statement = invoice => el('a', {
  href: `console/api/admin/billing/invoices/statement?${new URLSearchParams({ id: invoice.id, language: language() })}`,
  target: '_blank', rel: 'noopener', 'aria-label': t('revenue.statement.of', { number: invoice.number }),
}, t('revenue.statement'));

function months(view) {
  return table(t('revenue.months'), ['revenue.month', 'revenue.count', 'revenue.total', 'revenue.due'].map(key => t(key)),
    view.months.map(month => row(`${month.month} (${month.currency})`, number(count(month.invoices)),
      number(money(month.total, month.currency)), number(money(month.due, month.currency)))), [1, 2, 3]);
}

function invoices(view) {
  return table(t('revenue.invoices'),
    ['revenue.number', 'revenue.tenant', 'revenue.issued', 'revenue.total', 'revenue.due', 'revenue.statement'].map(key => t(key)),
    view.invoices.map(invoice => row(invoice.number, el('td', {}, invoice.name, ' ', invoice.name === invoice.tenant ? '' : el('code', {}, invoice.tenant)),
      when(invoice.issuedAt), amount(invoice.total), amount(invoice.due), el('td', {}, statement(invoice)))), [3, 4]);
}

export default {
  id: 'revenue',
  show(content) {
    const told = el('div', { 'aria-live': 'polite' });
    const host = el('div', {}, el('p', { class: 'empty' }, t('loading')));
    content.append(told, host);
    attempt(told, async () => {
      const view = await revenue();
      host.replaceChildren(...(view.invoices.length === 0 ? [el('p', { class: 'empty' }, t('revenue.none'))] : [
        view.complete ? '' : notice('info', t('revenue.incomplete')),
        el('section', { class: 'card' }, el('h2', {}, t('revenue.months')), months(view), el('p', { class: 'hint' }, t('revenue.due.hint'))),
        el('section', { class: 'card' }, el('h2', {}, t('revenue.invoices')), invoices(view)),
      ]));
    }).then(well => well || host.replaceChildren());
  },
};
