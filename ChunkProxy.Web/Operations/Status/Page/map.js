// The chunk map: which film is shown, which of its chunks are cached where, and which parts are read most.

import { ask, reasonOf } from "./key.js";
import { $, bytes, color, element, number, percent, plural, setText, showList } from "./parts.js";

let film = new URLSearchParams(location.search).get("path");
let chosen = film !== null;
let map = null;
let held = []; // objects with most chunks in memory; the segments of a film are one entry
let heat = null; // { reads, size } as drawn

export function showFilms(objects) {
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

export function chooseFilm(path) {
  film = path;
  chosen = true;
  $("path").value = path;
  history.replaceState(null, "", `?path=${encodeURIComponent(path)}`);
  for (const button of $("films").children) button.setAttribute("aria-pressed", String(button.dataset.key === path));
  refreshMap();
}

export async function refreshMap() {
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
    setText($("map-text"), await reasonOf(response));
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

/** Draws again what is shown, for other colors or another size. */
export function redrawMap() {
  if (map) drawMap();
  else if (heat) drawHeat(heat.figures, heat.size);
}

/** Connects the form. Call it once, after the page has loaded. */
export function wireMap() {
  $("map-form").addEventListener("submit", event => {
    event.preventDefault();
    chooseFilm($("path").value.trim());
  });
  $("path").addEventListener("input", () => { chosen = true; });
  if (film) $("path").value = film;
}
