// Words in two languages. The choice is remembered; it is no secret.

import en from './messages-en.js';
import zh from './messages-zh.js';

const LANGUAGES = { en: { words: en, tag: 'en' }, zh: { words: zh, tag: 'zh-CN' } };
const REMEMBERED = 'mortise-console-language';

function remembered() {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null; // storage is switched off
  }
}

const wanted = remembered() ?? (navigator.languages?.[0] ?? 'en').toLowerCase().slice(0, 2);
let current = Object.hasOwn(LANGUAGES, wanted) ? wanted : 'en';

export const language = () => current;
export const otherLanguage = () => (current === 'en' ? 'zh' : 'en');
const tag = () => LANGUAGES[current].tag;

export function speak(next) {
  current = next;
  try {
    localStorage.setItem(REMEMBERED, next);
  } catch {
    // It holds for this page, then.
  }
  applyLanguage();
}

export function applyLanguage() {
  document.documentElement.lang = tag();
  document.title = t('title');
}

/** The words for a key, with values for what stands in braces. */
export function t(key, values = {}) {
  const words = LANGUAGES[current].words[key] ?? en[key] ?? key;
  return words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** The word for a value of a known set, such as a status; the value itself if it is of none. */
export const word = (set, value) => (Object.hasOwn(en, `${set}.${value}`) ? t(`${set}.${value}`) : String(value));

export const count = (value, digits = 0) =>
  new Intl.NumberFormat(tag(), { maximumFractionDigits: digits }).format(value);

export const percent = share => new Intl.NumberFormat(tag(), { style: 'percent', maximumFractionDigits: 1 }).format(share);

export const when = instant =>
  instant ? new Intl.DateTimeFormat(tag(), { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(instant)) : '–';

export const day = instant =>
  instant ? new Intl.DateTimeFormat(tag(), { dateStyle: 'medium' }).format(new Date(instant)) : '–';

export const clock = instant =>
  new Intl.DateTimeFormat(tag(), { hour: '2-digit', minute: '2-digit' }).format(new Date(instant));

/** How much is stored, in the unit that fits. */
export function bytes(value) {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  const step = Math.min(units.length - 1, value < 1 ? 0 : Math.floor(Math.log10(value) / 3));
  return new Intl.NumberFormat(tag(), { style: 'unit', unit: units[step], unitDisplay: 'short', maximumFractionDigits: 1 })
    .format(value / 1000 ** step);
}

/** An amount in the smallest unit of its currency. */
export function money(minor, currency) {
  const format = new Intl.NumberFormat(tag(), { style: 'currency', currency });
  return format.format(minor / 10 ** format.resolvedOptions().maximumFractionDigits);
}

/** How long something runs, in its two largest units. */
export function duration(seconds) {
  const parts = [[86400, 'day'], [3600, 'hour'], [60, 'minute'], [1, 'second']];
  const first = parts.findIndex(([size]) => seconds >= size);
  return parts.slice(first < 0 ? 3 : first).slice(0, 2)
    .map(([size, unit], index, all) => {
      const rest = index === 0 ? seconds : seconds % all[0][0];
      return new Intl.NumberFormat(tag(), { style: 'unit', unit, unitDisplay: 'short' }).format(Math.floor(rest / size));
    }).join(' ');
}
