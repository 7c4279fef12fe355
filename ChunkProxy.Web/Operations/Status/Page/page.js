// The status page: fetches the figures once a second and shows them.

import { showWarms, wire } from "./actions.js";
import { drawHits, drawTraffic } from "./charts.js";
import { showEvents } from "./events.js";
import { showFills, showHits, showHot, showRates, showSaved, showSlowest } from "./figures.js";
import { ask } from "./key.js";
import { chooseFilm, redrawMap, refreshMap, showFilms, wireMap } from "./map.js";
import { showMembers } from "./members.js";
import { $, bytes, duration, setText } from "./parts.js";
import { Second, sample } from "./samples.js";

let paused = false;
let lastAnswer = 0;

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
const redraw = () => { drawTraffic(); drawHits(); redrawMap(); };
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
addEventListener("resize", redraw);
wireMap();
wire(chooseFilm);

try {
  const past = await (await ask("history")).json();
  const skew = past.length ? Date.now() - Date.parse(past.at(-1).at) : 0; // this computer's clock may be wrong; the last point is at most a few seconds old
  for (const point of past) sample(Date.parse(point.at) + (skew > 10 * Second || skew < 0 ? skew : 0), point.totals);
} catch { /* no history: the charts start now */ }
loop();
