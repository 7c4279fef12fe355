// The status page: fetches the figures once a second and draws them. Its only state is the recent samples.

import { drainButton, showWarms, updateDrain, wire } from "./actions.js";
import { ask } from "./key.js";
import { $, bar, bytes, duration, element, number, percent, plural, setText, showKept, showList, words } from "./parts.js";

const Second = 1000;
const HistoryMs = 15 * 60 * Second;
const Gap = 12 * Second; // more than two intervals of the history
const Tiers = [
  ["memory", "memory", "--memory"], ["nearCopy", "near copy", "--near"], ["superHot", "super hot (shared)", "--super"],
  ["disk", "disk", "--disk"], ["previousOwner", "previous owner", "--peer"], ["origin", "origin", "--origin"],
];
const Mild = new Set(["gone", "abandoned", "notFound", "refused", "versionChanged"]);
const Fine = new Set(["part", "whole", "notModified", "beyondEnd", "uncacheable", "other", "completed", "alreadyThere"]);

const samples = []; // { at (ms), client, origin (bytes), tiers }, ascending
let paused = false;
let lastAnswer = 0;
let film = new URLSearchParams(location.search).get("path");
let chosen = film !== null;
let map = null;
let held = []; // objects with most chunks in memory; the segments of a film are one entry

const color = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/* Charts */

function svg(tag, attributes, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

/**
 * Returns differences between samples that are at least `step` ms apart. A decreasing total means that a process restarted.
 * An interval longer than Gap is left out: the page was paused or had no answer, and the rate within it is unknown.
 */
function intervals(step) {
  const result = [];
  let before = null;
  for (const sample of samples) {
    if (before && sample.at - before.at < step) continue;
    if (before && sample.at - before.at <= Gap) {
      const seconds = (sample.at - before.at) / Second;
      result.push({
        from: before.at,
        at: sample.at,
        client: Math.max(0, sample.client - before.client) / seconds,
        origin: Math.max(0, sample.origin - before.origin) / seconds,
        tiers: Object.fromEntries(Tiers.map(([name]) => [name, Math.max(0, (sample.tiers[name] ?? 0) - (before.tiers[name] ?? 0))])),
      });
    }
    before = sample;
  }
  return result;
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

function drawTraffic() {
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

function drawHits() {
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

/* Sections */

function showSaved({ totals }, answer) {
  const { clientBytes, originBytes } = totals;
  const share = clientBytes > 0 ? Math.max(0, 1 - originBytes / clientBytes) : null;
  const big = $("saved");
  const text = share === null ? "–" : share === 1 ? "100" : number(Math.min(99.9, 100 * share), share >= 0.995 || share < 0.1 ? 1 : 0);
  if (big.dataset.text !== text) {
    big.dataset.text = text;
    big.replaceChildren(text, share === null ? "" : element("small", "", "%"));
    big.classList.toggle("none", !share);
  }
  setText($("saved-text"), share === null ? "No reads yet."
    : share === 0 ? "More was fetched than watched so far: the origin sends whole chunks. The next viewers benefit."
    : `${bytes(totals.savedBytes)} of ${bytes(clientBytes)} did not have to come from the origin, since ${new Date(answer.startedAt).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" })}.`);
  const most = Math.max(clientBytes, originBytes, 1);
  $("client-bar").style.width = `${100 * clientBytes / most}%`;
  $("origin-bar").style.width = `${100 * originBytes / most}%`;
  setText($("client-bytes"), bytes(clientBytes));
  setText($("origin-bytes"), bytes(originBytes));
}

function showRates() {
  // The average of the last 3 s, so that the figure is readable before it changes.
  const last = samples.at(-1);
  const before = samples.findLast(sample => last && last.at - sample.at >= 3 * Second) ?? samples[0];
  const seconds = last && before ? (last.at - before.at) / Second : 0;
  const rate = name => seconds > 0 ? `${bytes(Math.max(0, last[name] - before[name]) / seconds)}/s` : "–";
  setText($("client-rate"), rate("client"));
  setText($("origin-rate"), rate("origin"));
}

/** Returns the severity of a member's state (highest is worst), its class and its description. */
function judge(member, epoch) {
  if (member.failure === "disagrees") return [4, "bad", "has other settings (chunk size, origin or cache key); bypassed"];
  if (member.state === "avoided") return [4, "bad", `does not answer (${words(member.failure ?? "failed")}); bypassed`];
  if (member.state === "silent") return [3, "bad", "does not answer"];
  if (member.state === "draining") return [0, "idle", "draining: handing over its hottest chunks"];
  if (member.state === "drained") return [0, "idle", "drained: owns no chunks, answers until it stops"];
  if (member.originProblem) return [3, "warn", `origin unavailable: ${member.originProblem}`];
  if (member.diskProblem) return [2, "warn", `disk unavailable: ${member.diskProblem}`];
  if (member.superHotProblem) return [1, "warn", `Redis unavailable: ${member.superHotProblem}`];
  if (member.epoch && member.epoch !== epoch) return [1, "warn", "sees another membership"];
  return [0, "good", "healthy"];
}

function showMembers({ members, epoch, self, coordination, isRegistered, problem }, superHot, origin) {
  const judged = members.map(member => ({ member, verdict: judge(member, epoch) })).sort((a, b) => b.verdict[0] - a.verdict[0]);
  const worst = judged[0];
  const busiest = [...members].sort((a, b) => (b.originBytes ?? 0) - (a.originBytes ?? 0))[0];
  const ill = judged.filter(({ verdict }) => verdict[0] > 0).length;
  const drained = members.filter(member => member.state === "draining" || member.state === "drained");
  const verdict = $("worst");
  verdict.className = `verdict ${problem && !ill ? "warn" : worst?.verdict[1] ?? "warn"}`;
  setText(verdict, !worst ? "No members known yet: this front end reads directly from the origin."
    : ill ? `${members.length - ill} of ${members.length} members healthy. ${labelOf(worst.member)}: ${worst.verdict[2]}${ill > 1 ? ` (and ${number(ill - 1)} more)` : ""}`
    : problem ? problem
    : members.length === 1 ? "Healthy. Stand-alone node."
    : drained.length ? `${members.length - drained.length} of ${members.length} members healthy. Drained: ${drained.map(labelOf).join(", ")}`
    : `${members.length} of ${members.length} members healthy.${busiest.originBytes ? ` Most origin traffic: ${labelOf(busiest)} (${bytes(busiest.originBytes)})` : ""}`);
  showKept($("members"), members.map(member => ({
    ...member, uptime: member.startedAt ? duration(Date.now() - Date.parse(member.startedAt)) : null, verdict: judge(member, epoch), canDrain: coordination !== "notUsed",
  })), it => it.id, () => element("li", "", element("div", "body"), drainButton()), updateMember);
  setText($("membership"), [
    origin.degradedReason && `origin: ${origin.degradedReason}`,
    `epoch ${epoch}`,
    self === null && members[0]?.id !== "this process" ? "this front end owns no chunks" : null,
    coordination === "notUsed" ? "static membership" : `etcd: ${words(coordination)}${isRegistered ? ", registered" : ""}`,
    superHot && (superHot.degradedReason ?? `Redis: ${plural(superHot.listedChunks, "super-hot chunk", "super-hot chunks")}`),
    problem,
  ].filter(Boolean).join(" · "));
}

/** Returns a member's name, or its address if it has none. */
const labelOf = member => member.name || member.id;

/** Returns the name, followed by the address. */
const titleOf = member => member.name ? [member.name, element("span", "quiet", ` ${member.id}`)] : [member.id];

function updateMember(card, member) {
  const [, className, text] = member.verdict;
  const [body, button] = card.children;
  updateDrain(button, member);
  card.className = `member ${className}`;
  const state = JSON.stringify(member);
  if (body.dataset.state === state) return;
  body.dataset.state = state;
  const meter = (name, tier, kind) => tier && element("div", "meter", element("span", "", name), bar(kind, tier.usedBytes / tier.budgetBytes), element("span", "", `${bytes(tier.usedBytes)} / ${bytes(tier.budgetBytes)}`));
  body.replaceChildren(...[
    element("h3", "", ...titleOf(member), member.isSelf && member.id !== "this process" ? element("span", "quiet", " this one") : null),
    element("p", "state", `${{ good: "● ", warn: "▲ ", bad: "■ ", idle: "◌ " }[className]}${text}`),
    element("div", "meter", element("span", "", "share"), bar("share", member.share), element("span", "", percent(member.share))),
    meter("memory", member.memory, "client"),
    meter("disk", member.disk, "disk"),
    ...(member.disks ?? []).map(disk => element("p", "facts", `${disk.degradedReason ? "▲" : "●"} ${disk.directory}: ${bytes(disk.usedBytes)} of ${bytes(disk.budgetBytes)}${disk.degradedReason ? `, ${disk.degradedReason}` : ""}`)),
    element("p", "facts", [
      member.originBytes === null ? null : `${bytes(member.originBytes)} from the origin`,
      member.fillsUnderWay ? plural(member.fillsUnderWay, "fill", "fills") : null,
      member.uptime ? `up ${member.uptime}` : null,
    ].filter(Boolean).join(" · ")),
  ].filter(Boolean));
}

function showHits() {
  const last = samples.at(-1);
  const before = samples.findLast(sample => last.at - sample.at >= 60 * Second) ?? samples[0];
  const reads = Tiers.map(([name, label]) => ({ name, label, total: last.tiers[name] ?? 0, recent: Math.max(0, (last.tiers[name] ?? 0) - (before.tiers[name] ?? 0)) }));
  const sum = (list, figure) => list.reduce((total, it) => total + it[figure], 0);
  const all = sum(reads, "total");
  const recent = sum(reads, "recent");
  const hits = reads.filter(it => it.name !== "origin");
  setText($("hits-text"), all === 0 ? "No reads yet." : `${percent(sum(hits, "total") / all)} of reads were hits` + (recent > 0 ? `, ${percent(sum(hits, "recent") / recent)} in the last minute.` : "; none in the last minute."));
  showList($("hits-legend"), reads.filter(it => it.total > 0).map(it => ({ ...it, share: percent(it.total / all) })), it => it.name, it => element("li", it.name, `${it.label} `, element("b", "", it.share)));
}

function showFills(fills, count, byOutcome) {
  setText($("fills-count"), number(count));
  const list = $("fills");
  if (!fills.length) {
    const ended = Object.entries(byOutcome).filter(([, ended]) => ended > 0);
    if (!list.querySelector(".empty")) list.replaceChildren(element("li", "empty"));
    setText(list.querySelector(".empty"), ended.length ? `None now. Of this process since its start: ${ended.map(([name, ended]) => `${number(ended)} ${words(name)}`).join(", ")}.` : "None now, and none since the start.");
    return;
  }
  list.querySelector(".empty")?.remove();
  showList(list, fills.slice(0, 8), it => `${it.member} ${it.path} ${it.chunk}`, it => element("li", "",
    element("div", "name", element("span", "", `${it.path} · chunk ${it.chunk}`), element("span", "", `${words(it.source)} → ${it.member}`)),
    bar("filling", it.filledBytes / it.lengthBytes)));
}

function showEvents(answer) {
  const endings = [
    ...Object.entries(answer.origin.byOutcome).map(([name, count]) => [`origin: ${words(name)}`, name, count]),
    ...Object.entries(answer.fills.byOutcome).map(([name, count]) => [`fill: ${words(name)}`, name, count]),
    ...["gone", "stalled", "readsFailed", "faults"].map(name => [`client: ${words(name)}`, name, answer.clients[name]]),
  ].filter(([, name, count]) => count > 0 && !Fine.has(name));
  showList($("endings"), endings, ([label]) => label, ([label, name, count]) => element("li", Mild.has(name) ? "mild" : "", label, element("b", "", number(count))));
  const said = {
    memberJoined: ["good", "joined"], memberLeft: ["bad", "left"], peerFailed: ["bad", "does not answer"], peerIsBack: ["good", "is back"], originFailed: ["bad", "is unavailable"], originIsBack: ["good", "is available again"], readFailed: ["bad", "was unavailable"], purged: ["good", "was purged"], purgeIncomplete: ["bad", "was purged, but not confirmed by"],
  };
  const list = $("events");
  if (!answer.cluster.events.length) {
    if (!list.querySelector(".empty")) list.replaceChildren(element("li", "empty", "None: no membership changes, no failed reads."));
    return;
  }
  list.querySelector(".empty")?.remove();
  showList(list, answer.cluster.events.slice(0, 15), it => `${it.kind} ${it.subject} ${it.ending} ${it.lastAt}`, it => {
    const [className, text] = said[it.kind] ?? ["", words(it.kind)];
    const time = element("time", "", new Date(it.lastAt).toLocaleTimeString("en-GB"));
    time.dateTime = it.lastAt;
    return element("li", "", time, element("span", "", `${it.subject} `, element("span", className, text), it.ending ? element("em", "", ` · ${words(it.ending).trim()}`) : null), element("em", "", it.count > 1 ? `${it.count} ×` : ""));
  });
}

const seconds = value => value === null ? "never" : value < 0.001 ? `${number(1e6 * value)} µs` : value < 1 ? `${number(1000 * value, value < 0.01 ? 1 : 0)} ms` : `${number(value, value < 10 ? 2 : 1)} s`;

function showSlowest(reads) {
  setText($("slowest-text"), reads.length ? "Waited: the time that the client waited for this front end." : "No reads in the last 15 minutes.");
  $("slowest-scroll").hidden = reads.length === 0;
  showList($("slowest"), reads.slice(0, 10), (it, i) => `${it.at} ${it.path} ${i}`, it => {
    const failed = it.status >= 500 || it.ending === "readFailed" || it.ending === "faulted";
    const time = element("time", "", new Date(it.at).toLocaleTimeString("en-GB"));
    time.dateTime = it.at;
    return element("tr", "", ...[seconds(it.waitedSeconds), seconds(it.firstByteSeconds), seconds(it.totalSeconds), `${it.method === "GET" ? "" : `${it.method} `}${it.path}`, it.range ?? "whole",
      bytes(it.sentBytes), it.sources.map(words).join(", ") || "–"].map(cell => element("td", "", cell)), element("td", failed ? "bad" : "", `${it.status} ${words(it.ending)}`), element("td", "", time));
  });
}

function showHot({ hottest, prefixes }) {
  const [objects, below] = [hottest ?? [], prefixes ?? []]; // older versions of a member omit them
  setText($("hot-text"), objects.length ? "In the last 30 to 60 seconds. Viewers: clients by address, an estimate." : "No reads of clients yet.");
  $("hot-scroll").hidden = objects.length === 0;
  const row = (it, name) => element("tr", "", element("td", "", name), ...[number(it.viewers), it.readsPerSecond ? percent(it.hitRatio) : "–", `${bytes(it.bytesPerSecond)}/s`, bytes(it.bytes)].map(cell => element("td", "", cell)));
  showList($("hot-objects"), objects.slice(0, 10), it => it.path, it => {
    const button = element("button", "", it.isOfSegments ? `${it.path} (segments)` : it.path);
    button.type = "button";
    button.addEventListener("click", () => chooseFilm(it.path));
    return row(it, button);
  });
  showList($("hot-prefixes"), below.slice(0, 5), it => it.path, it => row(it, it.path));
}

/* Chunk map */

function showFilms(objects) {
  held = objects;
  if (!chosen && objects.length) film = objects[0].path;
  if (!chosen && document.activeElement !== $("path")) $("path").value = film ?? "";
  showList($("films"), objects.slice(0, 8).map(it => ({ path: it.path, segments: it.segments, isShown: it.path === film })), it => it.path, it => {
    const button = element("button", "", it.segments ? `${it.path} · ${plural(it.segments, "segment", "segments")}` : it.path);
    button.type = "button";
    button.setAttribute("aria-pressed", String(it.isShown));
    button.addEventListener("click", () => chooseFilm(it.path));
    return button;
  });
}

function chooseFilm(path) {
  film = path;
  chosen = true;
  $("path").value = path;
  history.replaceState(null, "", `?path=${encodeURIComponent(path)}`);
  for (const button of $("films").children) button.setAttribute("aria-pressed", String(button.dataset.key === path));
  refreshMap();
}

async function refreshMap() {
  const asked = film;
  if (!asked) {
    setText($("map-text"), "Nothing is in memory yet. Enter a path to see what is on disk.");
    return;
  }
  const segmented = held.find(it => it.segments > 0 && it.path === asked);
  const isFilm = segmented || asked.endsWith("/");
  if (isFilm) {
    map = null;
    $("map").hidden = true;
    const answer = await ask(`map?path=${encodeURIComponent(asked)}`);
    if (asked !== film) return;
    drawHeat(answer.ok ? (await answer.json()).heat : null, 0);
  }
  if (segmented) {
    setText($("map-text"), filmText(asked, `: ${plural(segmented.segments, "segment", "segments")} of it in memory, ${plural(segmented.cachedChunks, "chunk", "chunks")}, ${bytes(segmented.sizeBytes)}`));
  }
  if (isFilm && (segmented || !$("heat").hidden)) {
    if (!segmented) setText($("map-text"), filmText(asked));
    return;
  }
  const response = await ask(`map?path=${encodeURIComponent(asked)}`);
  if (asked !== film) return;
  map = response.ok ? await response.json() : null;
  $("map").hidden = map === null;
  if (map === null) {
    drawHeat(null, 0);
    setText($("map-text"), (await response.text()).trim());
    return;
  }
  if (!map.members.length) { // a playlist that is not cached, of segments that are read
    drawHeat(map.heat, 0);
    map = null;
    $("map").hidden = true;
    setText($("map-text"), filmText(asked));
    return;
  }
  drawMap();
}

const filmText = (path, more = "") => `${path} is a film in segments${more}. Enter the path of a segment for its chunks.`;

let heat = null; // { reads, size } as drawn

/** Draws how often each part of a film was read, relative to the part that was read most. */
function drawHeat(figures, size) {
  const [, canvas] = $("heat").children;
  heat = figures && { figures, size };
  $("heat").hidden = $("heat-text").hidden = !figures;
  if (!figures) return;
  const { reads, segmentsInPart } = figures;
  const most = Math.max(1, ...reads);
  const hottest = reads.indexOf(Math.max(...reads));
  const scale = devicePixelRatio || 1;
  const width = canvas.width = Math.max(1, Math.round(canvas.clientWidth * scale));
  const height = canvas.height = Math.max(1, Math.round(canvas.clientHeight * scale));
  const context = canvas.getContext("2d");
  context.fillStyle = color("--track");
  context.fillRect(0, 0, width, height);
  context.fillStyle = color("--origin");
  reads.forEach((value, i) => {
    const left = Math.floor(i * width / reads.length);
    const tall = Math.ceil(value / most * height);
    context.fillRect(left, height - tall, Math.ceil((i + 1) * width / reads.length) - left, tall);
  });
  const text = segmentsInPart
    ? `Segments ${number(hottest * segmentsInPart)} to ${number((hottest + 1) * segmentsInPart - 1)} were read most, of numbers up to ${number(reads.length * segmentsInPart - 1)}.`
    : `The part from ${bytes(size * hottest / reads.length)} to ${bytes(size * (hottest + 1) / reads.length)} was read most.`;
  canvas.setAttribute("aria-label", text);
  setText($("heat-text"), text);
}

const countOf = (runs, of) => (runs ?? []).filter(of).reduce((sum, run) => sum + run.count, 0);

/** Draws runs of chunks: memory in the upper lane, disk in the lower lane, fills across both. */
function drawRuns(canvas, runs, chunks) {
  const scale = devicePixelRatio || 1;
  const width = Math.max(1, Math.round(canvas.clientWidth * scale));
  const height = Math.max(1, Math.round(canvas.clientHeight * scale));
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  const cell = width / chunks;
  const upper = Math.round(height * 0.66);
  context.fillStyle = color("--track");
  context.fillRect(0, 0, width, height);
  const paint = (run, top, bottom, style, alpha = 1) => {
    const left = Math.floor(run.first * cell);
    context.globalAlpha = alpha;
    context.fillStyle = style;
    context.fillRect(left, top, Math.max(scale, Math.ceil((run.first + run.count) * cell) - left), bottom - top);
    context.globalAlpha = 1;
  };
  for (const run of runs) {
    if (run.disk) paint(run, upper, height, color("--disk"));
    if (run.memory === "part") paint(run, 0, upper, color("--part"));
    if (run.memory === "whole") paint(run, 0, upper, color("--memory"), 0.62 + 0.38 * Math.min(3, run.heat) / 3);
    if (run.filling) paint(run, 0, height, color("--filling"));
  }
  if (cell >= 5 * scale) {
    context.fillStyle = color("--card");
    for (let i = 1; i < chunks; i++) context.fillRect(Math.round(i * cell), 0, scale, height);
  }
}

function drawMap() {
  drawHeat(map.heat ?? null, map.sizeBytes);
  const answered = map.members.filter(member => member.runs);
  const everywhere = answered.flatMap(member => member.runs);
  const memory = covered(everywhere, run => run.memory === "whole");
  const disk = covered(everywhere, run => run.disk);
  const filling = covered(everywhere, run => run.filling);
  const text = $("map-text");
  const sentence = `${map.path} is cached: ${number(map.cachedChunks)} of ${plural(map.chunks, "chunk", "chunks")}, ${number(memory)} in memory, ${number(disk)} on disk, ${number(filling)} being filled.`;
  const share = map.chunks ? percent(map.cachedChunks / map.chunks) : "100 %";
  if (text.dataset.text !== share + sentence) {
    text.dataset.text = share + sentence;
    text.replaceChildren(element("b", "", share), ` of ${sentence}`);
  }
  const nameOf = member => `${!member.isSelf ? member.member : member.member === "this process" ? "this front end" : `${member.member} (this one)`}${member.isDrained ? " (drained)" : ""}`;
  const rows = [{ name: "anywhere", runs: everywhere, className: "strip all", count: map.cachedChunks },
    ...(map.members.length > 1 ? map.members.map(member => ({ name: nameOf(member), runs: member.runs, className: "strip", count: covered(member.runs ?? [], run => run.disk || run.memory === "whole") })) : [])];
  const strips = $("strips");
  const names = rows.map(row => row.name).join("\n");
  if (strips.dataset.names !== names) {
    strips.dataset.names = names;
    strips.replaceChildren(...rows.map(row => element("div", row.className, element("span", "", row.name), element("canvas"), element("span", "of"))), element("div", "ruler"));
  }
  rows.forEach((row, i) => {
    const [, canvas, of] = strips.children[i].children;
    setText(of, row.runs ? percent(map.chunks ? row.count / map.chunks : 1) : "?");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", row.runs ? `${row.name}: ${row.count} of ${map.chunks} chunks` : `${row.name}: no answer`);
    drawRuns(canvas, row.runs ?? [], Math.max(1, map.chunks));
  });
  const ruler = strips.lastElementChild;
  const marks = [0, 0.25, 0.5, 0.75, 1].map(part => part === 0 ? "0" : bytes(map.sizeBytes * part));
  if (ruler.dataset.marks !== marks.join()) {
    ruler.dataset.marks = marks.join();
    ruler.replaceChildren(...marks.map(mark => element("span", "", mark)));
  }
  if ($("map-rows").closest("details").open) {
    $("map-rows").replaceChildren(...answered.flatMap(member => member.runs.slice(0, 200).map(run => element("tr", "",
      ...[member.member, run.count === 1 ? `${run.first}` : `${run.first}–${run.first + run.count - 1}`, run.memory === "whole" ? `whole, heat ${run.heat}` : run.memory, run.disk ? "yes" : "no", run.filling ? "yes" : "no"].map(cell => element("td", "", cell))))));
  }
}

/** Returns the number of chunks in at least one run. */
function covered(runs, of) {
  let count = 0;
  let end = 0;
  for (const run of runs.filter(of).sort((a, b) => a.first - b.first)) {
    count += Math.max(0, run.first + run.count - Math.max(end, run.first));
    end = Math.max(end, run.first + run.count);
  }
  return count;
}

/* The loop */

function sample(at, totals) {
  samples.push({ at, client: totals.clientBytes, origin: totals.originBytes, tiers: totals.byTier });
  while (samples.length && at - samples[0].at > HistoryMs) samples.shift();
}

function setLive(className, text) {
  $("live").className = `live ${className}`;
  setText($("live"), text);
  document.body.classList.toggle("stale", className === "lost");
}

async function refresh() {
  const response = await ask("stats?cluster=true");
  if (!response.ok) throw new Error(`status ${response.status}`);
  const answer = await response.json();
  lastAnswer = Date.now();
  sample(lastAnswer, answer.cluster.totals);
  setText($("about"), `${answer.version.split("+")[0]} · up ${duration(answer.uptimeSeconds * Second)} · chunks of ${bytes(answer.chunkSizeBytes)}`);
  showSaved(answer.cluster, answer);
  showRates();
  drawTraffic();
  showMembers(answer.cluster, answer.superHot, answer.origin);
  showFilms(answer.cluster.objects);
  showHot(answer.cluster);
  showHits();
  drawHits();
  const fillsUnderWay = answer.cluster.members.reduce((sum, member) => sum + (member.fillsUnderWay ?? 0), 0);
  showFills(answer.cluster.fills, Math.max(fillsUnderWay, answer.cluster.fills.length), answer.fills.byOutcome);
  showSlowest(answer.slowest);
  showEvents(answer);
  await Promise.all([refreshMap(), showWarms()]);
  setLive("", "live");
}

async function loop() {
  if (!paused && !document.hidden) {
    try {
      await refresh();
    } catch (error) {
      console.warn(error);
      setLive("lost", lastAnswer ? `no answer since ${new Date(lastAnswer).toLocaleTimeString("en-GB")}` : "no answer");
    }
  }
  setTimeout(loop, Second);
}

$("pause").addEventListener("click", () => {
  paused = !paused;
  $("pause").setAttribute("aria-pressed", String(paused));
  $("pause").textContent = paused ? "Resume" : "Pause";
  setLive(paused ? "paused" : "", paused ? "paused" : "live");
});
$("map-form").addEventListener("submit", event => {
  event.preventDefault();
  chooseFilm($("path").value.trim());
});
$("path").addEventListener("input", () => { chosen = true; });
const redraw = () => { drawTraffic(); drawHits(); if (map) drawMap(); else if (heat) drawHeat(heat.figures, heat.size); };
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
addEventListener("resize", redraw);
if (film) $("path").value = film;
wire(chooseFilm);

try {
  const past = await (await ask("history")).json();
  const skew = past.length ? Date.now() - Date.parse(past.at(-1).at) : 0; // this computer's clock may be wrong; the last point is at most a few seconds old
  for (const point of past) sample(Date.parse(point.at) + (skew > 10 * Second || skew < 0 ? skew : 0), point.totals);
} catch { /* no history: the charts start now */ }
loop();
