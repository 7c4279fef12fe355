"use strict";

const player = {
  async start(url, options) {
    shaka.polyfill.installAll();
    this.shaka = new shaka.Player();
    this.shaka.addEventListener("error", ({ detail }) => stage.fail(`${detail.code} ${detail.message}`, detail.code === shaka.util.Error.Code.BAD_HTTP_STATUS ? detail.data[1] : undefined));
    this.shaka.configure({
      abr: { enabled: false },
      streaming: { bufferingGoal: 4, rebufferingGoal: 0.2, retryParameters: { maxAttempts: 1 }, failureCallback: () => {}, ...options },
    });
    await this.shaka.attach(video);
    await this.shaka.load(url);
    this.quality(0);
    await video.play();
  },

  quality(index) {
    const tracks = this.shaka.getVariantTracks().sort((a, b) => a.height - b.height);
    if (!tracks[index].active) this.shaka.selectVariantTrack(tracks[index], true);
  },

  resume() {
    this.shaka.retryStreaming(0);
  },
};
