"use strict";

const time = s => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}`;
const size = bytes => `${(bytes / 1e6).toFixed(0)} MB`;

/** The source of a response in words, from the Cache-Status (RFC 9211) of the cache nearest to the client. */
function sourceOf(response) {
  const status = response.headers.get("cache-status");
  if (!status) {
    return response.headers.has("via") ? "proxy" : "origin (direct)";
  }
  const parameters = Object.fromEntries(status.split(",").pop().split(";").slice(1).map(p => p.trim().split("=")));
  const detail = parameters.detail?.replaceAll('"', "");
  if ("hit" in parameters) {
    return detail ? `cache: ${detail}` : "cache";
  }
  return "origin";
}

/** Requests the one byte at the playhead. Films have a constant bit rate, so the position of this byte is known. */
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
      probe(film, card, video.currentTime).catch(() => {}); // the player itself shows network errors
    }
  });
  // Sent before the player's own request, so that the card shows the source that a viewer of this position gets.
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
