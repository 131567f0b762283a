// The frame around the panels: signing in and out, the way between them, the language.

import { el, button } from './dom.js';
import { applyLanguage, language, otherLanguage, speak, t } from './i18n.js';
import { onSignedOut, signOut, whoAmI, Refused } from './api.js';
import { showSignIn } from './sign-in.js';
import { Poll } from './poll.js';
import { watchIdle } from './idle.js';
import overview from './panels/overview.js';
import usage from './panels/usage.js';
import revenue from './panels/revenue.js';
import keys from './panels/keys.js';
import approvals from './panels/approvals.js';
import audit from './panels/audit.js';
import search from './panels/search.js';
import tools from './panels/tools.js';

const PANELS = [overview, usage, revenue, keys, approvals, audit, search, tools];

let who = null;
let poll = null;
let leavePanel = () => {};
let stopIdle = () => {};

const wanted = () => PANELS.find(panel => panel.id === location.hash.slice(1)) ?? overview;

function languageButton() {
  const other = otherLanguage();
  return button(t('language.other'), () => {
    speak(other);
    who ? frame() : askForKey();
    document.querySelector('.language').focus();
  }, { class: 'language plain', lang: other === 'zh' ? 'zh-CN' : 'en' });
}

function askForKey(message) {
  document.body.replaceChildren(showSignIn(languageButton(), message, person => enter(person)));
  document.querySelector('#key').focus();
}

function enter(person) {
  who = person;
  stopIdle = watchIdle(person.idleSeconds, () => {
    signOut().catch(() => {}); // it is over there by then anyway
    leave(t('signin.idle'));
  });
  poll = new Poll();
  frame();
}

/** Nothing of what was shown stays in the page. */
function leave(message) {
  leavePanel();
  leavePanel = () => {};
  poll?.stop();
  stopIdle();
  who = null;
  poll = null;
  history.replaceState(null, '', location.pathname);
  askForKey(message);
}

async function signedOutByHand() {
  try {
    await signOut();
  } catch (problem) {
    if (!(problem instanceof Refused)) throw problem;
  }
  leave(t('signin.out'));
}

function frame() {
  const main = el('main', { id: 'main', tabindex: '-1' });
  const waiting = el('span', { class: 'count', hidden: true });
  const links = PANELS.map(panel => el('a', { href: `#${panel.id}`, id: `to-${panel.id}` },
    el('span', {}, t(`${panel.id}.name`)), panel === approvals ? waiting : null));
  const skip = el('a', {
    class: 'skip', href: '#main', on: {
      click: event => {
        event.preventDefault();
        main.focus();
      },
    },
  }, t('skip'));
  document.body.replaceChildren(
    skip,
    el('header', { class: 'top' },
      el('span', { class: 'brand' }, el('img', { src: 'console/icon.svg', alt: '', width: '24', height: '24' }), t('title')),
      el('span', { class: 'who' }, who.tenant ? t('who.tenant', who) : t('who.all', who)),
      languageButton(),
      button(t('signout'), signedOutByHand, { class: 'plain', id: 'sign-out' })),
    el('div', { class: 'body' },
      el('nav', { 'aria-label': t('nav') }, el('ul', {}, ...links.map(link => el('li', {}, link)))),
      main));
  poll.onNews('frame', news => {
    waiting.hidden = news.waiting === 0;
    waiting.textContent = news.waiting >= 100 ? '99+' : String(news.waiting);
    waiting.setAttribute('aria-label', t('approvals.count', { count: news.waiting }));
  });
  show(main, links);
  window.onhashchange = () => who && show(main, links, true);
}

function show(main, links, moved = false) {
  leavePanel();
  const panel = wanted();
  links.forEach(link => {
    link.id === `to-${panel.id}` ? link.setAttribute('aria-current', 'page') : link.removeAttribute('aria-current');
  });
  const heading = el('h1', { tabindex: '-1' }, t(`${panel.id}.name`));
  const content = el('div', { class: 'panel', id: `panel-${panel.id}` });
  main.replaceChildren(heading, content);
  leavePanel = panel.show(content, { who, poll, language: language() }) ?? (() => {});
  if (moved) heading.focus();
}

onSignedOut(refused => who && leave(t('signin.ended', { why: refused.message })));
applyLanguage();
try {
  const person = await whoAmI();
  person ? enter(person) : askForKey();
} catch (problem) {
  askForKey(problem.status === 0 ? t('offline') : problem.message);
}
