"use strict";

const player = {
  start(url) {
    this.dash = dashjs.MediaPlayer().create();
    this.dash.updateSettings({
      streaming: {
        abr: { autoSwitchBitrate: { video: false }, initialBitrate: { video: 1 } },
        buffer: { bufferTimeDefault: 4, bufferTimeAtTopQuality: 4, bufferTimeAtTopQualityLongForm: 4 },
        retryAttempts: { MediaSegment: 0 },
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
};
