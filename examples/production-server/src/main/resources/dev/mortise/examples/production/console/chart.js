// A chart over time, drawn as SVG at the width that there is.

import { svg } from './dom.js';
import { clock, count } from './i18n.js';

const HEIGHT = 190;
const LEFT = 52;
const RIGHT = 12;
const TOP = 12;
const BOTTOM = 26;

/** The next round number above, so that the scale does not jump with every point. */
function ceiling(value) {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map(step => step * power).find(step => step >= value) ?? value;
}

/** The stretches of a line between points that are missing. */
function path(points, x, y) {
  let drawn = '';
  let open = false;
  for (const [at, value] of points) {
    if (value === null || value === undefined) {
      open = false;
    } else {
      drawn += `${open ? 'L' : 'M'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
      open = true;
    }
  }
  return drawn;
}

/**
 * Draws into a host.
 *
 * @param series [{ points: [[millis, value or null]], kind: CSS class, filled }]
 * @param span milliseconds from the left edge to the right
 */
export function draw(host, { label, series, span, end, digits = 1 }) {
  const width = Math.max(280, host.clientWidth);
  const top = ceiling(Math.max(0, ...series.flatMap(one => one.points.map(([, value]) => value ?? 0))));
  const x = at => LEFT + (width - LEFT - RIGHT) * (1 - (end - at) / span);
  const y = value => HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value / top);
  const picture = svg('svg', { viewBox: `0 0 ${width} ${HEIGHT}`, height: HEIGHT, role: 'img', 'aria-label': label });
  for (const share of [0, 0.5, 1]) {
    const level = y(share * top);
    picture.append(
      svg('line', { class: 'grid', x1: LEFT, x2: width - RIGHT, y1: level, y2: level }),
      svg('text', { class: 'axis', x: LEFT - 8, y: level + 4, 'text-anchor': 'end' }, count(share * top, top < 5 ? 2 : digits)));
  }
  for (const [share, anchor] of [[0, 'start'], [0.5, 'middle'], [1, 'end']]) {
    const at = end - span * (1 - share);
    picture.append(svg('text', { class: 'axis', x: x(at), y: HEIGHT - 6, 'text-anchor': anchor }, clock(at)));
  }
  for (const one of series) {
    const shown = one.points.filter(([at]) => at >= end - span);
    if (one.filled && shown.length > 1) {
      const line = shown.map(([at, value]) => `L${x(at).toFixed(1)} ${y(value ?? 0).toFixed(1)}`).join('');
      picture.append(svg('path', {
        class: `area ${one.kind}`,
        d: `M${x(shown[0][0]).toFixed(1)} ${y(0)}${line}L${x(shown.at(-1)[0]).toFixed(1)} ${y(0)}Z`,
      }));
    }
    picture.append(svg('path', { class: `line ${one.kind}`, d: path(shown, x, y) }));
    for (const [at, value] of lonely(shown)) {
      picture.append(svg('circle', { class: `dot ${one.kind}`, cx: x(at), cy: y(value), r: 2 }));
    }
  }
  host.replaceChildren(picture);
}

/** Points without a neighbour, of which a line would show nothing. */
function lonely(points) {
  const missing = index => points[index]?.[1] === null || points[index]?.[1] === undefined;
  return points.filter((point, index) => !missing(index) && missing(index - 1) && missing(index + 1));
}
