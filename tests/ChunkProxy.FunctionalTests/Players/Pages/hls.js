"use strict";

const player = {
  // With `query`, it is sent with each request. With `retries`, the player asks again after a connection that broke or was refused; by itself hls.js
  // does so only after a status of 500 and more.
  start(url, { query = "", retries = 0, ...options }) {
    const shouldRetry = (_, count, __, response) => count < retries && !(response?.code >= 400 && response.code < 500);
    const errorRetry = retries ? { maxNumRetry: retries, retryDelayMs: 250, maxRetryDelayMs: 250, shouldRetry } : null;
    const policy = { default: { maxTimeToFirstByteMs: 60000, maxLoadTimeMs: 60000, timeoutRetry: null, errorRetry } };
    const policies = retries ? { manifestLoadPolicy: policy, playlistLoadPolicy: policy } : {};
    const xhrSetup = (request, target) => {
      if (query) request.open("GET", `${target}?${query}`);
    };
    this.hls = new Hls({ maxBufferLength: 4, maxMaxBufferLength: 4, fragLoadPolicy: policy, ...policies, xhrSetup, ...options });
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

  end() {
    this.hls.destroy();
  },
};
