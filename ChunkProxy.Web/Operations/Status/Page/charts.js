// The two charts: traffic, and reads by tier, over the time of the samples.

import { $, bytes, color, duration } from "./parts.js";
import { Second, Tiers, intervals, samples } from "./samples.js";

function svg(tag, attributes, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

/** Splits points into runs without a gap. Each run begins where its first interval begins, so that a single interval is visible. */
function runsOf(points) {
  const runs = [];
  for (const point of points) {
    if (!runs.length || point.from > runs.at(-1).at(-1).at) runs.push([{ ...point, at: point.from }]);
    runs.at(-1).push(point);
  }
  return runs;
}

function axis(chart, from, to, height, width) {
  const span = to - from;
  for (const part of [0, 0.5, 1]) {
    const anchor = part === 0 ? "start" : part === 1 ? "end" : "middle";
    const ago = span * (1 - part);
    chart.append(svg("text", { x: width * part, y: height + 15, "text-anchor": anchor }, part === 1 ? "now" : `${duration(ago)} ago`));
  }
}

function frame(target) {
  const padding = parseFloat(getComputedStyle(target).paddingLeft) || 0;
  const width = (target.clientWidth || 400) - padding;
  const height = (target.clientHeight || 158) - 20;
  return { width, height, chart: svg("svg", { viewBox: `0 0 ${width} ${height + 20}`, "aria-hidden": "true" }) };
}

function area(points, x, low, high) {
  const top = points.map((point, i) => `${i === 0 ? "M" : "L"}${x(point).toFixed(1)} ${high(point, i).toFixed(1)}`).join("");
  const bottom = points.map((point, i) => `L${x(point).toFixed(1)} ${low(point, i).toFixed(1)}`).reverse().join("");
  return { top, whole: `${top}${bottom}Z` };
}

export function drawTraffic() {
  const target = $("traffic-chart");
  const points = intervals(samples.length > 200 ? 5 * Second : Second);
  const { width, height, chart } = frame(target);
  const most = Math.max(1024, ...points.map(point => Math.max(point.client, point.origin)));
  const [from, to] = points.length ? [points[0].from, points.at(-1).at] : [0, 1];
  const x = point => width * (point.at - from) / (to - from || 1);
  const y = value => height - (height - 14) * value / most;
  chart.append(svg("line", { class: "grid", x1: 0, x2: width, y1: height, y2: height }), svg("line", { class: "grid", x1: 0, x2: width, y1: y(most), y2: y(most) }));
  chart.append(svg("text", { x: 0, y: y(most) - 4 }, `${bytes(most)}/s`));
  if (points.length) {
    for (const [name, hue] of [["client", "--memory"], ["origin", "--origin"]]) {
      const shapes = runsOf(points).map(run => area(run, x, () => height, point => y(point[name])));
      chart.append(
        svg("path", { d: shapes.map(shape => shape.whole).join(""), fill: color(hue), opacity: 0.16 }),
        svg("path", { d: shapes.map(shape => shape.top).join(""), class: `line ${name}`, stroke: color(hue) }));
    }
    axis(chart, from, to, height, width);
  }
  target.replaceChildren(chart);
  const last = points.at(-1);
  target.setAttribute("aria-label", last ? `Traffic over the last ${duration(to - from)}; now ${bytes(last.client)} a second to clients and ${bytes(last.origin)} a second from the origin` : "Traffic over time");
}

export function drawHits() {
  const target = $("hits-chart");
  const all = intervals(5 * Second).map(point => ({ ...point, sum: Object.values(point.tiers).reduce((sum, value) => sum + value, 0) })).filter(point => point.sum > 0);
  const { width, height, chart } = frame(target);
  const [from, to] = all.length ? [all[0].from, all.at(-1).at] : [0, 1];
  const x = point => width * (point.at - from) / (to - from || 1);
  for (const share of [0, 0.5, 1]) {
    const y = height - (height - 14) * share;
    chart.append(svg("line", { class: "grid", x1: 0, x2: width, y1: y, y2: y }));
    if (share > 0) chart.append(svg("text", { x: -6, y: y + 4, "text-anchor": "end" }, `${100 * share} %`));
  }
  if (all.length) {
    const y = value => height - (height - 14) * value;
    const runs = runsOf(all).map(points => ({ points, floor: points.map(() => 0) }));
    for (const [name, , hue] of Tiers) {
      if (all.every(point => point.tiers[name] === 0)) continue;
      const shapes = runs.map(({ points, floor }) => {
        const before = [...floor];
        points.forEach((point, i) => { floor[i] += point.tiers[name] / point.sum; });
        return area(points, x, (_, i) => y(before[i]), (_, i) => y(floor[i])).whole;
      });
      chart.append(svg("path", { d: shapes.join(""), class: name, fill: color(hue), opacity: 0.85 }));
    }
    axis(chart, from, to, height, width);
  }
  target.replaceChildren(chart);
}
