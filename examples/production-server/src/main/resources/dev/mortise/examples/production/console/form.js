// A form for the input schema of a tool, and the arguments that were filled in.

import { el, field, select, button, newId } from './dom.js';
import { t } from './i18n.js';

const LONG = 300;
const MANY = 20;

/** What a part of a schema comes down to: references followed, null left aside. */
function plain(schema, root, depth = 0) {
  if (!schema || depth > MANY) return {};
  if (schema.$ref?.startsWith('#/')) {
    const target = schema.$ref.slice(2).split('/').reduce((at, step) => at?.[step.replace(/~1/g, '/').replace(/~0/g, '~')], root);
    return plain({ ...target, ...(schema.description ? { description: schema.description } : {}) }, root, depth + 1);
  }
  const choices = (schema.anyOf ?? schema.oneOf)?.filter(choice => choice.type !== 'null');
  if (choices?.length === 1) return plain({ ...schema, anyOf: undefined, oneOf: undefined, ...choices[0] }, root, depth + 1);
  const type = Array.isArray(schema.type) ? schema.type.find(each => each !== 'null') : schema.type;
  return { ...schema, type };
}

const said = schema => (schema.default === undefined ? schema.description : [schema.description, t('form.default', { value: JSON.stringify(schema.default) })].filter(Boolean).join('. '));

/** Something to fill in: { node, read }; what is not filled in reads as undefined. */
function control(name, schema, root, required) {
  const options = schema.enum?.filter(value => value !== null);
  if (options) {
    const input = select([...(required ? [] : [['', t('form.unset')]]), ...options.map(value => [String(value), String(value)])], required ? String(options[0]) : '');
    return single(name, schema, required, input, () => options.find(value => String(value) === input.value));
  }
  switch (schema.type) {
    case 'boolean': {
      const input = select([...(required ? [] : [['', t('form.unset')]]), ['true', t('form.yes')], ['false', t('form.no')]], required ? 'false' : '');
      return single(name, schema, required, input, () => (input.value === '' ? undefined : input.value === 'true'));
    }
    case 'integer':
    case 'number': {
      const input = el('input', { type: 'number', step: schema.type === 'integer' ? '1' : 'any', min: schema.minimum, max: schema.maximum, required });
      return single(name, schema, required, input, () => (input.value === '' ? undefined : Number(input.value)));
    }
    case 'string': {
      const long = !schema.format && (schema.maxLength === undefined || schema.maxLength > LONG);
      const input = long ? el('textarea', { rows: '3', required, spellcheck: 'false' }) : el('input', { required, maxlength: schema.maxLength, placeholder: schema.format === 'date-time' ? '2026-01-31T09:00:00Z' : null });
      return single(name, schema, required, input, () => (input.value === '' && !required ? undefined : input.value));
    }
    case 'object':
      if (schema.properties) return group(name, schema, root, required);
      break;
    case 'array':
      if (schema.items) return list(name, schema, root, required);
      break;
    default:
  }
  return json(name, schema, required);
}

function single(name, schema, required, input, read) {
  input.dataset.name = name;
  return { node: field(required ? t('form.required', { name }) : name, input, said(schema)), read };
}

/** For what a form cannot show. */
function json(name, schema, required) {
  const input = el('textarea', { rows: '3', required, spellcheck: 'false', placeholder: 'JSON' });
  return single(name, schema, required, input, () => {
    input.setCustomValidity('');
    if (input.value.trim() === '') return undefined;
    try {
      return JSON.parse(input.value);
    } catch (problem) {
      input.setCustomValidity(t('form.json'));
      input.reportValidity();
      input.addEventListener('input', () => input.setCustomValidity(''), { once: true });
      throw problem;
    }
  });
}

function members(schema, root) {
  const needed = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).map(([name, part]) =>
    [name, control(name, plain(part, root), root, needed.has(name))]);
}

const read = parts => Object.fromEntries(parts.map(([name, part]) => [name, part.read()]).filter(([, value]) => value !== undefined));

function group(name, schema, root, required) {
  const parts = members(schema, root);
  const node = el('fieldset', {}, el('legend', {}, required ? t('form.required', { name }) : name),
    schema.description ? el('p', { class: 'hint' }, schema.description) : null, ...parts.map(([, part]) => part.node));
  return {
    node,
    read: () => {
      const value = read(parts);
      return Object.keys(value).length === 0 && !required ? undefined : value;
    },
  };
}

function list(name, schema, root, required) {
  const items = new Map();
  const host = el('div', {});
  const add = () => {
    const id = newId('item');
    const position = items.size + 1;
    const part = control(`${name} ${position}`, plain(schema.items, root), root, true);
    const remove = button(t('form.remove'), () => {
      items.delete(id);
      node.remove();
      more.focus();
    }, { 'aria-label': t('form.remove.of', { name: `${name} ${position}` }) });
    const node = el('div', { class: 'item' }, part.node, remove);
    items.set(id, part);
    host.append(node);
    return node;
  };
  const more = button(t('form.add', { name }), () => add().querySelector('input, textarea, select')?.focus());
  if (required) add();
  return {
    node: el('fieldset', {}, el('legend', {}, required ? t('form.required', { name }) : name),
      schema.description ? el('p', { class: 'hint' }, schema.description) : null, host, more),
    read: () => {
      const values = [...items.values()].map(part => part.read()).filter(value => value !== undefined);
      return values.length === 0 && !required ? undefined : values;
    },
  };
}

/** The form of a schema of an object: its fields, and what was filled in. */
export function formOf(schema) {
  const parts = members(schema, schema);
  return { nodes: parts.map(([, part]) => part.node), read: () => read(parts) };
}
