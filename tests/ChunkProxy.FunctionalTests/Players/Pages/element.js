"use strict";

// No library: the browser itself requests ranges of one file.
const player = {
  start(url) {
    video.addEventListener("error", async () => stage.fail(video.error.message, (await fetch(video.src)).status));
    video.src = url;
    return video.play();
  },
};
