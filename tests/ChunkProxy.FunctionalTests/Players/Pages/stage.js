"use strict";

// What all players share. Each file beside this one sets `player`: start, quality, resume. Everything waits on events, nothing for a time.
const video = document.querySelector("video");
const stage = {
  failures: [], // what the player has reported: { what, status }
  received: [], // a promise of { url, status, sha256 } for each body, after record()
  heard: new EventTarget(),

  fail(what, status) {
    console.log("reported", what, status);
    this.failures.push({ what, status });
    this.heard.dispatchEvent(new Event("failure"));
  },

  // Checks the condition at each of the events until it holds.
  until(target, events, holds) {
    return new Promise(done => {
      const names = events.split(" ");
      const check = () => {
        if (!holds()) return;
        names.forEach(name => target.removeEventListener(name, check));
        done();
      };
      names.forEach(name => target.addEventListener(name, check));
      check();
    });
  },

  // The next picture: its time in the film, at the latest `until`, its height, and the second of the film that its shade stands for (Films.cs).
  async picture() {
    const frame = await new Promise(shown => video.requestVideoFrameCallback((_, frame) => shown(frame)));
    const canvas = new OffscreenCanvas(frame.width, frame.height).getContext("2d");
    canvas.drawImage(video, 0, 0, frame.width, frame.height); // this picture, or a later one where the page was slow
    await new Promise(requestAnimationFrame); // currentTime does not change within a task, and that picture may be of a later time
    const until = video.currentTime;
    const pixels = canvas.getImageData(0, 0, frame.width, frame.height).data; // fails unless the response permits this page to read it
    let sum = 0;
    for (let i = 0; i < pixels.length; i += 4) sum += pixels[i];
    return { time: frame.mediaTime, until, height: frame.height, second: (sum / (pixels.length / 4) * 219 / 255 - 24) / 5 };
  },

  async playing(time) {
    await this.until(video, "timeupdate seeked playing", () => !video.seeking && !video.paused && video.currentTime >= time);
    return this.picture();
  },

  async start(url, options) {
    const begun = player.start(url, options);
    await this.until(video, "playing timeupdate", () => !video.paused && video.readyState >= 3);
    await begun;
    return this.playing(video.currentTime + 0.3);
  },

  seek(time) {
    video.currentTime = time;
    return this.playing(time + 0.2);
  },

  // Starts the player, plays a second from the given time, and ends the player.
  async excerpt(url, options, time) {
    await this.start(url, options);
    video.currentTime = time;
    const picture = await this.playing(time + 1);
    player.end();
    return picture;
  },

  async quality(index, height) {
    player.quality(index);
    await this.until(video, "resize timeupdate", () => video.videoHeight === height);
    return this.picture();
  },

  // Seeks to a segment that is missing, and returns the status that the player reports.
  async missing(time) {
    video.currentTime = time;
    await this.until(this.heard, "failure", () => this.failures.some(failure => failure.status));
    return this.failures.find(failure => failure.status).status;
  },

  async resume(time) {
    video.currentTime = time;
    player.resume();
    await video.play();
    return this.playing(time + 0.2);
  },

  // Records the bodies that players get from now on. The listener is added before the player's, which may hand the buffer to a worker.
  record() {
    const { open } = XMLHttpRequest.prototype;
    XMLHttpRequest.prototype.open = function (...request) {
      this.addEventListener("readystatechange", () => {
        if (this.readyState === 4 && this.status > 0) stage.received.push(stage.digest(this));
      });
      return open.apply(this, request);
    };
  },

  async digest({ response, responseURL: url, status }) {
    const hash = await crypto.subtle.digest("SHA-256", response instanceof ArrayBuffer ? response : new TextEncoder().encode(response));
    return { url, status, sha256: [...new Uint8Array(hash)].map(byte => byte.toString(16).padStart(2, "0")).join("") };
  },

  // The protocols by which the page got responses from the proxy, and not from its own cache; Timing-Allow-Origin shows them to it.
  protocols(base) {
    const entries = performance.getEntriesByType("resource").filter(entry => entry.name.startsWith(base) && entry.responseStatus < 300 && entry.transferSize > 0);
    return [...new Set(entries.map(entry => entry.nextHopProtocol))].join();
  },
};
