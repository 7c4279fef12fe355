"use strict";

// Each page of the document has a line of text, and an image in a shade of its own (PagedDocument.cs).
const pdf = {
  async open(base, url) {
    this.library = await import(base + "pdf.min.mjs");
    this.library.GlobalWorkerOptions.workerSrc = base + "pdf.worker.min.mjs";
    this.document = await this.library.getDocument({ url, rangeChunkSize: 65536, disableAutoFetch: true, disableStream: true }).promise;
    return this.document.numPages;
  },

  async page(number) {
    const page = await this.document.getPage(number);
    const viewport = page.getViewport({ scale: 1 });
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [viewport.width, viewport.height];
    await page.render({ canvas, viewport }).promise;
    const text = (await page.getTextContent()).items.map(item => item.str).join("");
    return { text, shade: canvas.getContext("2d").getImageData(100, 150, 1, 1).data[0] };
  },

  missing(url) {
    return this.library.getDocument({ url }).promise.then(() => "opened", error => `${error.name} ${error.status}`);
  },
};
