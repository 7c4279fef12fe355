namespace ChunkProxy.FunctionalTests.Players;

/// <summary>How a live stream of segments of one second is described and named.</summary>
/// <param name="Manifest">The name of the playlist or manifest.</param>
/// <param name="ManifestType">Its media type.</param>
/// <param name="SegmentType">The media type of the segments.</param>
/// <param name="Segment">Returns the name of a segment, from 0.</param>
/// <param name="Describe">Returns the text of the manifest for segments from the first one up to, and without, the second.</param>
internal sealed record LiveFormat(string Manifest, string ManifestType, string SegmentType, Func<int, string> Segment, Func<int, int, string> Describe)
{
    public static LiveFormat Hls() => new(
        "film.m3u8",
        "application/vnd.apple.mpegurl",
        "video/mp2t",
        static segment => $"segment{segment}.ts",
        static (from, to) => $"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n#EXT-X-MEDIA-SEQUENCE:{from}\n"
            + string.Concat(Enumerable.Range(from, to - from).Select(segment => $"#EXTINF:1.0,\nsegment{segment}.ts\n")));

    /// <param name="start">When the first segment began.</param>
    public static LiveFormat Dash(DateTimeOffset start) => new(
        "film.mpd",
        "application/dash+xml",
        "video/mp4",
        static segment => $"segment{segment + 1}.m4s", // ffmpeg counts from 1
        (from, to) => $"""
            <?xml version="1.0" encoding="utf-8"?>
            <MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-live:2011" type="dynamic" availabilityStartTime="{start.UtcDateTime:O}"
              minimumUpdatePeriod="PT1S" minBufferTime="PT1S" timeShiftBufferDepth="PT4S" suggestedPresentationDelay="PT2S">
              <Period id="0" start="PT0S">
                <AdaptationSet contentType="video" mimeType="video/mp4" segmentAlignment="true">
                  <SegmentTemplate timescale="1000" initialization="init.m4s" media="segment$Number$.m4s" startNumber="{from + 1}">
                    <SegmentTimeline><S t="{from * 1000}" d="1000" r="{Math.Max(0, to - from - 1)}"/></SegmentTimeline>
                  </SegmentTemplate>
                  <Representation id="0" bandwidth="300000" width="160" height="{Films.LowHeight}" codecs="avc1.42C01E"/>
                </AdaptationSet>
              </Period>
            </MPD>

            """);
}
