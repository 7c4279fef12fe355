"use strict";

const player = {
  start(url, options) {
    const once = { maxTimeToFirstByteMs: 60000, maxLoadTimeMs: 60000, timeoutRetry: null, errorRetry: null };
    this.hls = new Hls({ maxBufferLength: 4, maxMaxBufferLength: 4, fragLoadPolicy: { default: once }, ...options });
    this.hls.on(Hls.Events.MANIFEST_PARSED, () => this.hls.loadLevel = 0);
    this.hls.on(Hls.Events.ERROR, (_, error) => stage.fail(`${error.details} ${error.error?.message ?? error.reason ?? ""}`, error.response?.code));
    this.hls.loadSource(url);
    this.hls.attachMedia(video);
    return video.play();
  },

  quality(index) {
    this.hls.currentLevel = index;
  },

  resume() {
    this.hls.startLoad(video.currentTime); // a fatal error has stopped it
  },
};
