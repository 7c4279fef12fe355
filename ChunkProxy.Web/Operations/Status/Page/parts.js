// Building blocks of the status page: colors, formatted figures, and elements.

export const $ = id => document.getElementById(id);

/** Returns a color of the present theme, by the name of its CSS variable. */
export const color = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/* Text */

export const number = (value, digits = 0) => value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
export const percent = share => share === 0 || share === 1 ? `${100 * share} %` : `${number(Math.min(99.9, 100 * share), share > 0.1 && share < 0.995 ? 0 : 1)} %`;

export function bytes(value) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  let unit = 0;
  for (; Math.abs(value) >= 1000 && unit < units.length - 1; unit++) value /= 1024;
  return `${number(value, unit === 0 || Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2)} ${units[unit]}`;
}

export function duration(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ${Math.floor(seconds % 3600 / 60)} min`;
  return `${Math.floor(seconds / 86400)} d ${Math.floor(seconds % 86400 / 3600)} h`;
}

export const words = name => name.replace(/[A-Z]/g, letter => " " + letter.toLowerCase());
export const plural = (count, one, many) => `${number(count)} ${count === 1 ? one : many}`;

/* Elements. Text is never parsed as HTML, because clients choose the paths. */

export function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children.filter(child => child !== null));
  return made;
}

export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text; // a write to a live region is announced even if nothing changed
}

export function bar(className, share) {
  const inner = element("i", className);
  inner.style.width = `${100 * Math.min(1, Math.max(0, share))}%`;
  return element("span", "bar", inner);
}

/** Shows the items in the list by key. Unchanged elements stay, with their focus and selection. */
export function showList(list, items, keyOf, make) {
  const old = new Map([...list.children].map(child => [child.dataset.key, child]));
  const next = items.map((item, i) => {
    const key = keyOf(item, i);
    const state = JSON.stringify(item);
    const before = old.get(key);
    if (before?.dataset.state === state) return before;
    const made = make(item);
    made.dataset.key = key;
    made.dataset.state = state;
    return made;
  });
  if (next.length !== list.children.length || next.some((child, i) => child !== list.children[i])) list.replaceChildren(...next);
}

/** Like showList, but updates elements in place: an element stays, with its focus, as long as its key exists. */
export function showKept(list, items, keyOf, make, update) {
  const old = new Map([...list.children].map(child => [child.dataset.key, child]));
  const next = items.map(item => {
    const child = old.get(keyOf(item)) ?? make(item);
    child.dataset.key = keyOf(item);
    update(child, item);
    return child;
  });
  if (next.length !== list.children.length || next.some((child, i) => child !== list.children[i])) list.replaceChildren(...next);
}
