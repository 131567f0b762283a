// The one place that makes elements. What is given as a child becomes text; nothing here, or anywhere else, reads markup.

const SVG = 'http://www.w3.org/2000/svg';

function filled(element, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (name === 'on') {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else if (name === 'value') {
      element.value = value;
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

/** An element; children are elements or texts. */
export const el = (name, properties = {}, ...children) =>
  filled(document.createElement(name), properties, children);

/** As el, in a drawing. */
export const svg = (name, properties = {}, ...children) =>
  filled(document.createElementNS(SVG, name), properties, children);

/** A button that is off while its work is under way. */
export function button(label, work, properties = {}) {
  const made = el('button', { type: 'button', ...properties }, label);
  made.addEventListener('click', async () => {
    made.setAttribute('aria-disabled', 'true');
    if (made.dataset.busy) return;
    made.dataset.busy = '1';
    try {
      await work(made);
    } finally {
      delete made.dataset.busy;
      made.removeAttribute('aria-disabled');
    }
  });
  return made;
}

let numbered = 0;
export const newId = prefix => `${prefix}-${++numbered}`;

/** A labelled control, with a hint that is read with it. */
export function field(label, control, hint) {
  control.id ||= newId('field');
  const parts = [el('label', { for: control.id }, label), control];
  if (hint) {
    const id = newId('hint');
    control.setAttribute('aria-describedby', id);
    parts.push(el('p', { class: 'hint', id }, hint));
  }
  return el('div', { class: 'field' }, ...parts);
}

export const select = (options, value, properties = {}) =>
  el('select', { ...properties, value: undefined },
    ...options.map(([key, text]) => el('option', { value: key, selected: key === value }, text)));

/** Shows something that came of a person's doing, and has it read out. */
export function notice(kind, text) {
  return el('p', { class: `notice ${kind}`, role: kind === 'bad' ? 'alert' : 'status' }, text);
}

/** A table that scrolls by itself where it is too wide, with the keyboard, too. The heads of numbers stand above them. */
export function table(caption, columns, rows, numbers = []) {
  return el('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': caption },
    el('table', {},
      el('caption', { class: 'hidden' }, caption),
      el('thead', {}, el('tr', {}, ...columns.map((column, index) =>
        el('th', { scope: 'col', class: numbers.includes(index) ? 'number' : null }, column)))),
      el('tbody', {}, ...rows)));
}

export const row = (first, ...cells) =>
  el('tr', {}, el('th', { scope: 'row' }, first), ...cells.map(cell =>
    cell instanceof HTMLTableCellElement ? cell : el('td', {}, cell ?? '')));

export const number = (text, properties = {}) => el('td', { class: 'number', ...properties }, text);

export const badge = (kind, text) => el('span', { class: `badge ${kind}` }, text);
