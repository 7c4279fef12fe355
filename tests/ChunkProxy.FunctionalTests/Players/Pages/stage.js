"use strict";

// What all players share. Each file beside this one sets `player`: start, quality, resume. Everything waits on events, nothing for a time.
const video = document.querySelector("video");
const stage = {
  failures: [], // what the player has reported: { what, status }
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

  // The protocols by which the page got responses from the proxy, and not from its own cache; Timing-Allow-Origin shows them to it.
  protocols(base) {
    const entries = performance.getEntriesByType("resource").filter(entry => entry.name.startsWith(base) && entry.responseStatus < 300 && entry.transferSize > 0);
    return [...new Set(entries.map(entry => entry.nextHopProtocol))].join();
  },
};
