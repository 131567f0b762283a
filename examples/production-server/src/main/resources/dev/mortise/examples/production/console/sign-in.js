// Asks for an administrator's key. It leaves the page in one request, and is nowhere in it afterwards.

import { el, notice } from './dom.js';
import { t } from './i18n.js';
import { signIn } from './api.js';

const reason = problem => {
  switch (problem.status) {
    case 0: return t('offline');
    case 401: return t('signin.wrong');
    case 403: return t('signin.noadmin');
    case 429: return t('signin.wait');
    default: return problem.message;
  }
};

export function showSignIn(languageButton, message, signedIn) {
  const key = el('input', {
    id: 'key', type: 'password', required: true, maxlength: '512', autocomplete: 'off', spellcheck: 'false',
    autocapitalize: 'none', 'aria-describedby': 'key-hint',
  });
  const told = el('div', {}, message ? notice('info', message) : null);
  const submit = el('button', { class: 'primary', type: 'submit' }, t('signin.do'));
  const form = el('form', { class: 'card', autocomplete: 'off' },
    el('h1', {}, t('signin.title')),
    told,
    el('div', { class: 'field' },
      el('label', { for: 'key' }, t('signin.key')), key, el('p', { class: 'hint', id: 'key-hint' }, t('signin.hint'))),
    submit);
  form.addEventListener('submit', async event => {
    event.preventDefault();
    const entered = key.value;
    submit.disabled = true;
    try {
      const person = await signIn(entered);
      key.value = '';
      signedIn(person);
    } catch (problem) {
      told.replaceChildren(notice('bad', reason(problem)));
      key.select();
      key.focus();
    } finally {
      submit.disabled = false;
    }
  });
  return el('div', { class: 'entrance' },
    el('header', { class: 'top' },
      el('span', { class: 'brand' }, el('img', { src: 'console/icon.svg', alt: '', width: '24', height: '24' }), t('title')),
      languageButton),
    el('main', {}, form));
}
