// Figures of traffic and reads: what was saved, the present rates, the tiers, fills, and the slowest and the most read objects.

import { chooseFilm } from "./map.js";
import { $, bar, bytes, element, number, percent, setText, showList, words } from "./parts.js";
import { Second, Tiers, samples } from "./samples.js";

export function showSaved({ totals }, answer) {
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
    : share === 0 ? "More was fetched than watched so far: some bytes are fetched ahead of the viewers. The next viewers benefit."
    : `${bytes(totals.savedBytes)} of ${bytes(clientBytes)} did not have to come from the origin, since ${new Date(answer.startedAt).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" })}.`);
  const most = Math.max(clientBytes, originBytes, 1);
  $("client-bar").style.width = `${100 * clientBytes / most}%`;
  $("origin-bar").style.width = `${100 * originBytes / most}%`;
  setText($("client-bytes"), bytes(clientBytes));
  setText($("origin-bytes"), bytes(originBytes));
}

export function showRates() {
  // The average of the last 3 s, so that the figure is readable before it changes.
  const last = samples.at(-1);
  const before = samples.findLast(sample => last && last.at - sample.at >= 3 * Second) ?? samples[0];
  const seconds = last && before ? (last.at - before.at) / Second : 0;
  const rate = name => seconds > 0 ? `${bytes(Math.max(0, last[name] - before[name]) / seconds)}/s` : "–";
  setText($("client-rate"), rate("client"));
  setText($("origin-rate"), rate("origin"));
}

export function showHits() {
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

export function showFills(fills, count, byOutcome) {
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

const seconds = value => value === null ? "never" : value < 0.001 ? `${number(1e6 * value)} µs` : value < 1 ? `${number(1000 * value, value < 0.01 ? 1 : 0)} ms` : `${number(value, value < 10 ? 2 : 1)} s`;

export function showSlowest(reads) {
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

export function showHot({ hottest, prefixes }) {
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
