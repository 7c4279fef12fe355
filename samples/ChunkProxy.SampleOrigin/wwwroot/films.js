"use strict";

const time = s => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}`;
const size = bytes => `${(bytes / 1e6).toFixed(0)} MB`;

/** Cache-Status (RFC 9211) of the first cache on the way, in words. */
function sourceOf(response) {
  const status = response.headers.get("cache-status");
  if (!status) {
    return response.headers.has("via") ? "the proxy" : "the origin, directly";
  }
  const parameters = Object.fromEntries(status.split(",").pop().split(";").slice(1).map(p => p.trim().split("=")));
  const detail = parameters.detail?.replaceAll('"', "");
  if ("hit" in parameters) {
    return detail ? `cache: ${detail}` : "cache";
  }
  return "origin";
}

/** Asks for the one byte under the playhead: films have a constant bit rate, so its place is known. */
async function probe(film, card, seconds) {
  const at = Math.min(film.bytes - 1, Math.floor(film.bytes * seconds / film.seconds));
  const start = performance.now();
  const response = await fetch(`films/${film.name}.webm`, { headers: { Range: `bytes=${at}-${at}` }, cache: "no-store" });
  await response.arrayBuffer();
  card.querySelector(".source").textContent = sourceOf(response);
  card.querySelector(".source").title = response.headers.get("cache-status") ?? "";
  card.querySelector(".took").textContent = `${Math.max(1, Math.round(performance.now() - start))} ms`;
}

function show(film) {
  const card = document.getElementById("film").content.cloneNode(true).firstElementChild;
  const video = card.querySelector("video");
  const track = Object.assign(document.createElement("track"), {
    kind: "captions", label: "Time", srclang: "en", src: `films/${film.name}.vtt`, default: true,
  });
  video.id = film.name;
  video.src = `films/${film.name}.webm`;
  video.append(track);
  card.querySelector("h2").textContent = film.title;
  card.querySelector(".size").textContent = `${time(film.seconds)} · ${size(film.bytes)}`;

  let probed = -1;
  video.addEventListener("timeupdate", () => {
    card.querySelector(".at").textContent = time(video.currentTime);
    const second = Math.floor(video.currentTime);
    if (!video.seeking && second !== probed && second % 2 === 0) {
      probed = second;
      probe(film, card, video.currentTime).catch(() => {}); // the player itself shows that the network is gone
    }
  });
  // Before the player asks: the answer is what a viewer who comes here finds.
  video.addEventListener("seeking", () => probe(film, card, video.currentTime).catch(() => {}));

  for (const part of [0, 0.25, 0.5, 0.75, 0.95]) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: time(film.seconds * part) });
    button.addEventListener("click", () => { video.currentTime = film.seconds * part; video.play(); });
    card.querySelector(".jumps").append(button);
  }
  document.getElementById("films").append(card);
}

fetch("films.json").then(async response => {
  document.getElementById("direct").hidden = response.headers.has("via") || response.headers.has("cache-status");
  (await response.json()).forEach(show);
});
