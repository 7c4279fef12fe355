using System.Text.Json;

namespace ChunkProxy.FunctionalTests.Players;

/// <summary>A page of another site plays HLS through the proxy in Chromium, over TLS and HTTP/2.</summary>
[Collection(PlayerCollection.Name)]
public sealed class BrowserTests(PlayerStage stage)
{
    private const string Film = "fmp4/0/"; // its folder
    private const int SegmentSeconds = 2;

    // A player without a library: it reads the playlist, and gives segments to the browser.
    private const string Player = """
        async base => {
          const video = document.querySelector("video");
          const get = async (name, options) => {
            const response = await fetch(base + name, options);
            if (!response.ok) throw new Error(name + ": " + response.status);
            return response;
          };
          const playlist = await (await get("film.m3u8")).text();
          const initial = /#EXT-X-MAP:URI="([^"]+)"/.exec(playlist)[1];
          const segments = playlist.split("\n").filter(line => line.endsWith(".m4s"));
          const source = new MediaSource();
          video.src = URL.createObjectURL(source);
          await new Promise(open => source.addEventListener("sourceopen", open, { once: true }));
          const buffer = source.addSourceBuffer('video/mp4; codecs="avc1.42C01E"');
          const append = async name => {
            const bytes = await (await get(name)).arrayBuffer();
            await new Promise((done, failed) => {
              buffer.addEventListener("updateend", done, { once: true });
              buffer.addEventListener("error", failed, { once: true });
              buffer.appendBuffer(bytes);
            });
          };
          const playFrom = async (time, segment) => {
            await append(segments[segment]);
            video.currentTime = time;
            await video.play();
            await new Promise(done => video.ontimeupdate = () => { if (!video.seeking && video.currentTime > time + 0.5) done(); });
            video.ontimeupdate = null;
            video.pause();
            return video.currentTime;
          };
          await append(initial);
          const started = await playFrom(0, 0);
          const sought = await playFrom(20, 10);
          const part = await get(segments[1], { headers: { Range: "bytes=10-19", "X-Player": "1" } });
          const missing = await fetch(base + "missing.m4s");
          const beyond = await fetch(base + segments[1], { headers: { Range: "bytes=999999999-" } });
          const whole = new Uint8Array(await (await get(segments[1])).arrayBuffer());
          const entries = performance.getEntriesByType("resource").filter(entry => entry.name.startsWith(base) && entry.responseStatus === 200);
          const ofPlaylist = entries.find(entry => entry.name.endsWith(".m3u8"));
          return {
            segments: segments.length, started, sought,
            part: [part.status, part.headers.get("Content-Range"), part.headers.get("Accept-Ranges"), String(new Uint8Array(await part.arrayBuffer())) === String(whole.slice(10, 20))].join(" "),
            wholeLength: whole.length,
            hasTag: part.headers.get("ETag") !== null, cacheStatus: part.headers.get("Cache-Status"),
            missing: missing.status, missingText: await missing.text(), beyond: [beyond.status, beyond.headers.get("Content-Range")].join(" "),
            protocols: [...new Set(entries.map(entry => entry.nextHopProtocol))].join(),
            isCompressed: ofPlaylist.encodedBodySize < ofPlaylist.decodedBodySize,
          };
        }
        """;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Page_OfAnAllowedSite_PlaysSeeksAndSeesAMissingSegment()
    {
        await using var page = await stage.OpenAsync("element");

        var said = await PlayAsync(page);

        string Said(string name) => said.GetProperty(name).ToString();
        var segment = new FileInfo(Path.Combine(stage.Root, Film, "segment1.m4s")).Length;
        Assert.Equal(Films.Seconds / SegmentSeconds, said.GetProperty("segments").GetInt32());
        Assert.InRange(said.GetProperty("started").GetDouble(), 0.5, SegmentSeconds);
        Assert.InRange(said.GetProperty("sought").GetDouble(), 20.5, 22);
        Assert.Equal(segment, said.GetProperty("wholeLength").GetInt64());
        Assert.Equal($"206 bytes 10-19/{segment} bytes true", Said("part"));
        Assert.Equal(JsonValueKind.True, said.GetProperty("hasTag").ValueKind);
        Assert.StartsWith("ChunkProxy; ", Said("cacheStatus"), StringComparison.Ordinal);
        Assert.Equal("404", Said("missing"));
        Assert.Contains("404 Not Found", Said("missingText"), StringComparison.Ordinal);
        Assert.Equal($"416 bytes */{segment}", Said("beyond"));
        Assert.Equal("h2", Said("protocols")); // known to the page by Timing-Allow-Origin only
        Assert.Equal("True", Said("isCompressed"));
    }

    [Fact]
    public async Task Page_OfAnotherSite_SeesNothing()
    {
        await using var site = await FilmOrigin.StartAsync(stage.Root, Now);
        await using var page = await stage.OpenAsync("element", site: site);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => PlayAsync(page));

        Assert.Contains("Failed to fetch", refused.Message, StringComparison.Ordinal);
    }

    private static Task<JsonElement> PlayAsync(PlayerPage page) => page.AskAsync($"({Player})({page.Url(Film)})");
}
