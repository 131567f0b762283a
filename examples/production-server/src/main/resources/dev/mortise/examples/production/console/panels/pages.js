// What several panels do alike: loading with words for what went wrong, lists that come in pages, asking back.

import { el, button, notice } from '../dom.js';
import { t } from '../i18n.js';

/** What a refusal says to whoever sits in front of the page. */
export const reason = problem => (problem.status === 0 ? t('offline') : String(problem.message));

/** Does something and shows what went wrong with it, if it did. Tells whether it went well. */
export async function attempt(told, work) {
  try {
    await work();
    return true;
  } catch (problem) {
    if (problem.status === undefined) console.error(problem);
    told.replaceChildren(notice('bad', reason(problem)));
    return false;
  }
}

/** A list with a button for what is beyond its end: load(after) gives { items, next }; next is null at the end. */
export function paged(host, told, load, render) {
  let all = [];
  let next = null;
  const more = button(t('more'), () => page(next), { class: 'more' });
  async function page(after) {
    await attempt(told, async () => {
      const got = await load(after);
      all = after ? [...all, ...got.items] : got.items;
      next = got.next;
      host.replaceChildren(...(all.length === 0
        ? [el('p', { class: 'empty' }, t('nothing'))]
        : [render(all), next ? more : null].filter(Boolean)));
    });
  }
  return { reload: () => page(null) };
}

/** Of a list whose next page begins after an id. */
export const byId = (items, size) => ({ items, next: items.length < size ? null : items.at(-1).id });

/** Asks back before something that cannot be undone. */
export function confirm(question, doIt) {
  return new Promise(resolve => {
    const dialog = el('dialog', { 'aria-labelledby': 'question' },
      el('form', { method: 'dialog' },
        el('h2', { id: 'question' }, question),
        el('div', { class: 'buttons' },
          el('button', { value: 'no' }, t('cancel')),
          el('button', { value: 'yes', class: 'danger' }, doIt))));
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

export const pretty = value => JSON.stringify(value, null, 2);

/** JSON in a text, readable; the text itself if it is none. */
export function prettyText(text) {
  try {
    return pretty(JSON.parse(text));
  } catch {
    return text;
  }
}
