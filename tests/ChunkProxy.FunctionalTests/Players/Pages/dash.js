"use strict";

const player = {
  start(url, { retries = 0 }) {
    this.dash = dashjs.MediaPlayer().create();
    this.dash.updateSettings({
      streaming: {
        abr: { autoSwitchBitrate: { video: false }, initialBitrate: { video: 1 } },
        buffer: { bufferTimeDefault: 4, bufferTimeAtTopQuality: 4, bufferTimeAtTopQualityLongForm: 4 },
        retryAttempts: { MPD: retries, InitializationSegment: retries, MediaSegment: retries },
        retryIntervals: { MPD: 250, InitializationSegment: 250, MediaSegment: 250 },
        utcSynchronization: { enabled: false },
      },
    });
    this.dash.on(dashjs.MediaPlayer.events.ERROR, ({ error }) => stage.fail(`${error.code} ${error.message}`, error.data?.response?.status));
    this.dash.initialize(video, url, true);
  },

  quality(index) {
    this.dash.setRepresentationForTypeByIndex("video", index, true);
  },

  resume() {},

  end() {
    this.dash.destroy();
  },
};
