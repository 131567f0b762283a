// How the server is: requests and their latency as they come, and the health of everything it needs.

import { el, badge, table, row, number } from '../dom.js';
import { t, word, count, duration, when, clock } from '../i18n.js';
import { draw } from '../chart.js';

const SPAN = 10 * 60 * 1000;
const LATEST = 5;

const tile = (label, value, note, id) =>
  el('div', { class: 'tile', id }, el('dt', {}, label), el('dd', {}, value), note ? el('dd', { class: 'note' }, note) : null);

const milliseconds = seconds => (seconds === null || seconds === undefined ? null : seconds * 1000);
const shown = value => (value === null ? '–' : `${count(value, value < 10 ? 1 : 0)} ms`);
const sum = (intervals, name) => intervals.reduce((total, each) => total + each[name], 0);

/** The latest interval in which something happened: between two calls the latency is not nothing. */
const latestWith = (intervals, name) => intervals.findLast(each => each[name] !== null && each[name] !== undefined)?.[name];

function tiles(news) {
  const latest = news.intervals.slice(-LATEST);
  const perSecond = sum(latest, 'calls') / Math.max(1, sum(latest, 'seconds'));
  return [
    tile(t('overview.rate'), count(perSecond, 1), t('overview.rate.note')),
    tile(t('overview.p95'), shown(milliseconds(latestWith(news.intervals, 'p95')) ?? null), t('overview.p95.note')),
    tile(t('overview.calls'), count(news.calls), t('overview.failed', { count: count(news.failed) }), 'calls'),
    tile(t('overview.active'), count(news.active), t('overview.streams', { count: count(news.streams) })),
    tile(t('overview.uptime'), duration(news.uptimeSeconds), t('overview.memory', { count: count(news.usedMegabytes) })),
  ];
}

/** The same as the charts show, a minute a row. */
function figures(intervals) {
  const minutes = Map.groupBy(intervals, each => Math.floor(each.at / 60000));
  return [...minutes].reverse().map(([minute, each]) => row(
    clock(minute * 60000), number(count(sum(each, 'calls'))), number(count(sum(each, 'failed'))),
    number(shown(milliseconds(latestWith(each, 'p50')) ?? null)), number(shown(milliseconds(latestWith(each, 'p95')) ?? null))));
}

const kindOf = status => ({ up: 'good', degraded: 'warn', unknown: 'calm' })[status] ?? 'bad';

function healthRows(checks, required) {
  return checks.filter(check => check.required === required).map(check => row(
    check.name, el('td', {}, badge(kindOf(check.status), word('health', check.status))),
    check.groups.map(group => word('probe', group)).join(', '), check.message, when(check.since)));
}

function health(news) {
  const columns = ['health.check', 'health.state', 'health.probes', 'health.message', 'health.since'].map(key => t(key));
  const tier = (key, required) => {
    const rows = healthRows(news.checks, required);
    return rows.length === 0 ? null : [el('h3', {}, t(key)), table(t(key), columns, rows)];
  };
  return [
    el('p', { class: 'probes' }, ...Object.entries(news.probes).map(([probe, status]) =>
      el('span', {}, `${word('probe', probe)} `, badge(kindOf(status), word('health', status))))),
    tier('health.required', true), tier('health.optional', false),
  ].flat(2).filter(Boolean);
}

export default {
  id: 'overview',
  show(content, { poll }) {
    const numbers = el('dl', { class: 'tiles' });
    const rate = el('div', { class: 'chart', id: 'chart-rate' });
    const latency = el('div', { class: 'chart', id: 'chart-latency' });
    const rows = el('div', {});
    const state = el('div', { id: 'health' });
    const away = el('p', { class: 'notice bad', role: 'status', hidden: true }, t('offline'));
    const details = el('details', { on: { toggle: () => latest && render(latest) } }, el('summary', {}, t('overview.figures')), rows);
    let latest = null;
    content.append(away, numbers,
      el('section', { class: 'card', 'aria-labelledby': 'rate-title' },
        el('h2', { id: 'rate-title' }, t('overview.rate.chart')), rate,
        el('h2', { id: 'latency-title' }, t('overview.latency.chart')),
        el('p', { class: 'legend' }, el('span', { class: 'key p50' }, 'p50'), el('span', { class: 'key p95' }, 'p95')),
        latency, details, el('p', { class: 'hint' }, t('overview.process'))),
      el('section', { class: 'card' }, el('h2', {}, t('overview.health')), state));
    let drawnHealth = '';

    function render(news) {
      latest = news;
      away.hidden = news.reachable;
      numbers.replaceChildren(...tiles(news));
      const end = news.intervals.at(-1)?.at ?? Date.now();
      const points = pick => news.intervals.map(each => [each.at, pick(each)]);
      draw(rate, {
        label: t('overview.rate.chart'), span: SPAN, end,
        series: [
          { kind: 'calls', filled: true, points: points(each => each.calls / each.seconds) },
          { kind: 'failed', points: points(each => (each.failed > 0 ? each.failed / each.seconds : null)) },
        ],
      });
      draw(latency, {
        label: t('overview.latency.chart'), span: SPAN, end, digits: 0,
        series: [
          { kind: 'p50', points: points(each => milliseconds(each.p50)) },
          { kind: 'p95', points: points(each => milliseconds(each.p95)) },
        ],
      });
      if (details.open) {
        rows.replaceChildren(table(t('overview.figures'),
          ['overview.minute', 'overview.calls', 'overview.failures', 'overview.p50', 'overview.p95'].map(key => t(key)),
          figures(news.intervals), [1, 2, 3, 4]));
      }
      const now = JSON.stringify([news.probes, news.checks]);
      if (now !== drawnHealth) state.replaceChildren(...health(news)); // what has not changed keeps its focus
      drawnHealth = now;
    }

    const redraw = new ResizeObserver(() => latest && render(latest));
    redraw.observe(rate);
    const stop = poll.onNews('panel', render);
    return () => {
      redraw.disconnect();
      stop();
    };
  },
};
