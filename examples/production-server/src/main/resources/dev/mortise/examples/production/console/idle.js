// Signs out when nobody has done anything for a while, and tells the server while somebody reads without asking it.

import { whoAmI } from './api.js';

const SIGNS = ['pointerdown', 'keydown', 'scroll', 'pointermove'];
const LOOK = 5000;
const TELL = 60_000;

export function watchIdle(seconds, ended) {
  let last = Date.now();
  let told = Date.now();
  const alive = () => { last = Date.now(); };
  const look = () => {
    const now = Date.now();
    if (now - last >= seconds * 1000) {
      stop();
      ended();
    } else if (now - told >= TELL && last > told) {
      told = now;
      whoAmI().catch(() => {}); // the next thing that is asked for finds out
    }
  };
  const timer = setInterval(look, LOOK);
  SIGNS.forEach(sign => document.addEventListener(sign, alive, { passive: true, capture: true }));
  function stop() {
    clearInterval(timer);
    SIGNS.forEach(sign => document.removeEventListener(sign, alive, { capture: true }));
  }
  return stop;
}
