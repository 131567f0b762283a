// Asks for the live figures again and again, while somebody can see them.

import { live } from './api.js';

const EVERY = 2000;
const KEPT = 300;

export class Poll {
  #listeners = new Map();
  #intervals = [];
  #news = null;
  #timer = null;
  #stopped = false;
  #seen = () => !document.hidden && this.now();

  constructor() {
    document.addEventListener('visibilitychange', this.#seen);
    this.#round();
  }

  /** Tells of what is known, and of everything new; the name is free for another listener afterwards. */
  onNews(name, listener) {
    this.#listeners.set(name, listener);
    if (this.#news) listener(this.#news);
    return () => this.#listeners.get(name) === listener && this.#listeners.delete(name);
  }

  /** Looks at once: something has just been done that changes them. */
  now() {
    clearTimeout(this.#timer);
    return this.#round();
  }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
    document.removeEventListener('visibilitychange', this.#seen);
  }

  async #round() {
    if (!document.hidden) await this.#ask();
    if (!this.#stopped) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#round(), EVERY);
    }
  }

  async #ask() {
    try {
      const answer = await live(this.#intervals.at(-1)?.at ?? 0);
      const known = this.#intervals.at(-1)?.at ?? 0;
      this.#intervals.push(...answer.intervals.filter(each => each.at > known));
      this.#intervals.splice(0, Math.max(0, this.#intervals.length - KEPT));
      this.#news = { ...answer, intervals: this.#intervals, reachable: true };
    } catch {
      if (this.#news) this.#news = { ...this.#news, reachable: false };
    }
    if (this.#news && !this.#stopped) this.#listeners.forEach(listener => listener(this.#news));
  }
}
