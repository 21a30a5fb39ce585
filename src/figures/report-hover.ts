/**
 * What the report's figures do under the pointer. Without script, or until the pointer comes, every
 * mark has its `<title>`, which browsers show late and only right above the mark. The script reads
 * a figure's titles once, when the pointer first enters it, takes them out, and finds the nearest
 * mark in a grid of buckets. What it highlights is drawn on a layer of its own, so that thousands
 * of points are not painted again.
 */
export const HOVER_SCRIPT = `
(() => {
  const REACH = 18,
    LINES = 9;
  const tip = document.createElement('div');
  tip.className = 'tip';
  tip.setAttribute('role', 'status');
  document.body.append(tip);
  let hide = () => {};

  const shorten = (text) => {
    const lines = text.split('\\n');
    return lines.length <= LINES
      ? text
      : lines.slice(0, LINES - 1).join('\\n') + '\\n… and ' + (lines.length - LINES + 1) + ' more';
  };
  const number = (element, name) => Number(element.getAttribute(name));
  // Symbols are paths too, but moved to their place.
  const isLine = (element) =>
    element.nodeName.toLowerCase() === 'path' && !element.hasAttribute('transform');

  // The marks of a figure in its own coordinates: boxes, and points in buckets of REACH pixels.
  const indexOf = (svg) => {
    const boxes = [],
      buckets = new Map(),
      outer = svg.getCTM().inverse(),
      frames = new Map();
    const matrixOf = (element) => {
      if (!frames.has(element)) frames.set(element, outer.multiply(element.getCTM()));
      return frames.get(element);
    };
    const add = (mark, x, y) => {
      const key = Math.floor(x / REACH) + ',' + Math.floor(y / REACH);
      if (!buckets.has(key)) buckets.set(key, []);
      buckets.get(key).push({ mark, x, y });
    };
    for (const title of [...svg.querySelectorAll('title')]) {
      const element = title.parentNode;
      if (element === svg || element.closest('defs')) continue;
      const m = matrixOf(element.hasAttribute('transform') ? element : element.parentNode);
      const at = (x, y) => [m.a * x + m.c * y + m.e, m.b * x + m.d * y + m.f];
      const mark = { text: shorten(title.textContent), element, m };
      const kind = element.nodeName.toLowerCase();
      if (kind === 'rect') {
        const [x, y, w, h] = ['x', 'y', 'width', 'height'].map((name) => number(element, name));
        const [[x1, y1], [x2, y2]] = [at(x, y), at(x + w, y + h)];
        boxes.push({
          mark,
          x1: Math.min(x1, x2),
          y1: Math.min(y1, y2),
          x2: Math.max(x1, x2),
          y2: Math.max(y1, y2),
        });
      } else if (kind === 'circle') add(mark, ...at(number(element, 'cx'), number(element, 'cy')));
      else if (isLine(element)) {
        const numbers = (element.getAttribute('d').match(/-?\\d*\\.?\\d+(?:e-?\\d+)?/g) || []).map(
          Number,
        );
        for (let i = 0; i + 1 < numbers.length; i += 2)
          add(mark, ...at(numbers[i], numbers[i + 1]));
      } else add(mark, ...at(0, 0));
      title.remove();
    }
    return { boxes, buckets };
  };

  const nearest = ({ boxes, buckets }, x, y) => {
    let best = null,
      least = REACH * REACH;
    const column = Math.floor(x / REACH),
      row = Math.floor(y / REACH);
    for (let i = column - 1; i <= column + 1; i++)
      for (let j = row - 1; j <= row + 1; j++) {
        for (const point of buckets.get(i + ',' + j) || []) {
          const distance = (point.x - x) ** 2 + (point.y - y) ** 2;
          // Of marks at one place the last is on top.
          if (distance <= least) {
            least = distance;
            best = point;
          }
        }
      }
    // Gaps between cells belong to the cells.
    const box = boxes.findLast(
      (each) => x >= each.x1 - 1 && x <= each.x2 + 1 && y >= each.y1 - 1 && y <= each.y2 + 1,
    );
    // Over a box a point counts only where the pointer is on it.
    return box && (!best || least > 81) ? box : best;
  };

  const make = (name, attributes) => {
    const element = document.createElementNS(document.querySelector('svg').namespaceURI, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  // Dark on white, to be seen on dark cells and light ones.
  const outline = (found) => {
    const {
        mark: { element, m },
      } = found,
      group = make('g', {});
    const draw = (name, place) => {
      for (const [stroke, width] of [
        ['#fff', 5],
        ['#1b1f24', 2],
      ])
        group.append(
          make(name, {
            ...place,
            fill: 'none',
            stroke,
            'stroke-width': width,
            'vector-effect': 'non-scaling-stroke',
          }),
        );
    };
    if ('x2' in found)
      draw('rect', {
        x: found.x1,
        y: found.y1,
        width: found.x2 - found.x1,
        height: found.y2 - found.y1,
        rx: 2,
      });
    else {
      if (isLine(element))
        draw('path', {
          d: element.getAttribute('d'),
          transform: 'matrix(' + [m.a, m.b, m.c, m.d, m.e, m.f].join(' ') + ')',
        });
      draw('circle', { cx: found.x, cy: found.y, r: Math.max(5, number(element, 'r') + 2.5) });
    }
    return group;
  };

  let size = [0, 0];
  const place = (x, y) => {
    const [width, height] = size;
    const left = x + 16 + width > innerWidth - 8 ? Math.max(8, x - 16 - width) : x + 16;
    const top = Math.min(Math.max(8, y + 16), Math.max(8, innerHeight - 8 - height));
    tip.style.transform = 'translate(' + Math.round(left) + 'px,' + Math.round(top) + 'px)';
  };

  for (const svg of document.querySelectorAll('figure > svg')) {
    if (!svg.querySelector('title')) continue;
    const wrap = document.createElement('div'),
      over = make('svg', {
        viewBox: svg.getAttribute('viewBox'),
        class: 'over',
        'aria-hidden': 'true',
      });
    wrap.className = 'hover';
    svg.replaceWith(wrap);
    wrap.append(svg, over);
    const [, , width, height] = svg.getAttribute('viewBox').split(' ').map(Number);
    let index = null,
      shown = null,
      event = null,
      waiting = false;
    const clear = () => {
      shown = event = null;
      over.replaceChildren();
      tip.classList.remove('on');
    };
    const look = () => {
      waiting = false;
      if (event === null) return;
      index ||= indexOf(svg);
      const frame = wrap.getBoundingClientRect();
      const found = nearest(
        index,
        ((event.clientX - frame.left) * width) / frame.width,
        ((event.clientY - frame.top) * height) / frame.height,
      );
      if (found === null) return clear();
      if (hide !== clear) {
        hide();
        hide = clear;
      }
      if (shown !== found) {
        over.replaceChildren(outline(found));
        if (!shown || shown.mark !== found.mark) {
          tip.textContent = found.mark.text;
          size = [tip.offsetWidth, tip.offsetHeight];
        }
        tip.classList.add('on');
        shown = found;
      }
      place(event.clientX, event.clientY);
    };
    const follow = (next) => {
      event = next;
      if (!waiting) {
        waiting = true;
        requestAnimationFrame(look);
      }
    };
    wrap.addEventListener('pointermove', follow);
    wrap.addEventListener('pointerdown', follow);
    // A finger that is lifted leaves too: what it touched stays until the next touch.
    wrap.addEventListener('pointerleave', (next) => {
      if (next.pointerType === 'mouse') clear();
    });
  }
  document.addEventListener('pointerdown', (next) => {
    if (!next.target.closest('.hover')) hide();
  });
  document.addEventListener('keydown', (next) => {
    if (next.key === 'Escape') hide();
  });
  addEventListener('scroll', () => hide(), { passive: true });
})();
`;

/** The looks of the tooltip and of the layer that highlights. */
export const HOVER_CSS = `
.hover {
  position: relative;
  max-width: 860px;
  margin: 0 auto;
}
.hover > svg > g {
  pointer-events: none;
}
.hover > svg.over {
  position: absolute;
  inset: 0;
  height: 100%;
  pointer-events: none;
  will-change: transform;
  overflow: visible;
}
.tip {
  position: fixed;
  z-index: 9;
  top: 0;
  left: 0;
  max-width: min(460px, calc(100vw - 16px));
  padding: 7px 10px;
  border-radius: 8px;
  background: #1b1f24;
  color: #fff;
  font-size: 13px;
  line-height: 1.45;
  white-space: pre-line;
  overflow-wrap: anywhere;
  font-variant-numeric: tabular-nums;
  pointer-events: none;
  visibility: hidden;
  opacity: 0;
  will-change: transform;
  box-shadow: 0 0 0 1px #ffffff40;
}
.tip.on {
  visibility: visible;
  opacity: 1;
}
@media (prefers-reduced-motion: no-preference) {
  .tip {
    transition: opacity 90ms;
  }
}
@media print {
  .tip,
  .over {
    display: none;
  }
}
`;
