using ChunkProxy.Testing.Processes;

namespace ChunkProxy.FunctionalTests.Players;

/// <summary>The films that the players play, made by ffmpeg: two renditions, as HLS (MPEG-TS and fMP4), DASH, MP4, and the pieces of live streams.</summary>
/// <remarks>Each second has a shade of its own, so that a page can tell from a picture which second of the film it shows.</remarks>
internal static class Films
{
    public const int Seconds = 36;
    public const int LowHeight = 90;
    public const int HighHeight = 180;

    /// <summary>A second within the segment that the origin does not have.</summary>
    public const int MissingSecond = 31;

    public const string TransportStream = "ts/master.m3u8";
    public const string Fragmented = "fmp4/master.m3u8";
    public const string Dash = "dash/film.mpd";

    /// <summary>One file that is much larger than what a browser reads ahead.</summary>
    public const string Mp4 = "film.mp4";

    /// <summary>The folder with <c>segment0.ts</c>, <c>segment1.m4s</c> and so on, one second each.</summary>
    public const string LiveFolder = "live";

    /// <summary>A fragmented MP4 with a fragment for each half second.</summary>
    public const string Fragments = "fragments.mp4";

    private const string CommonOptions = "-nostdin -hide_banner -loglevel error -y";
    private const string Encode = "-c:v libx264 -profile:v baseline -level 3.0 -g 10 -keyint_min 10 -sc_threshold 0 -preset ultrafast -crf 28 -movflags +faststart";
    private const string Hls = "-c copy -f hls -hls_time 2 -hls_list_size 0 -hls_playlist_type vod";

    public static async Task MakeAsync(string root, CancellationToken cancellationToken)
    {
        foreach (var folder in (string[])["ts/0", "ts/1", "fmp4/0", "fmp4/1", "dash", LiveFolder])
        {
            Directory.CreateDirectory(Path.Combine(root, folder));
        }

        // 40 to 215 of 255; the noise makes segments larger than a chunk.
        await RunAsync(
            [
                .. Words(CommonOptions), "-filter_complex",
                $"nullsrc=size=32x18:rate=10:duration={Seconds},format=yuv420p,geq=lum='40+5*floor(T)':cb=128:cr=128,scale=320:{HighHeight}:flags=neighbor,"
                    + $"noise=c0s=12:c0f=t,split[high][other];[other]scale=160:{LowHeight}[low]",
                "-map", "[low]", .. Words(Encode), "low.mp4", "-map", "[high]", .. Words(Encode), "high.mp4",
            ],
            root,
            cancellationToken);
        await RunAsync(
            Words(
                $"{CommonOptions} -i low.mp4 -i high.mp4 "
                + $"-map 0 {Hls} -hls_segment_filename ts/0/segment%d.ts ts/0/film.m3u8 -map 1 {Hls} -hls_segment_filename ts/1/segment%d.ts ts/1/film.m3u8 "
                + $"-map 0 {Hls} -hls_segment_type fmp4 -hls_segment_filename fmp4/0/segment%d.m4s fmp4/0/film.m3u8 "
                + $"-map 1 {Hls} -hls_segment_type fmp4 -hls_segment_filename fmp4/1/segment%d.m4s fmp4/1/film.m3u8 "
                + $"-map 0 -c copy -f hls -hls_time 1 -hls_list_size 0 -hls_segment_filename {LiveFolder}/segment%d.ts {LiveFolder}/all.m3u8 "
                + $"-map 0 -c copy -f dash -seg_duration 1 -use_template 1 -use_timeline 1 -init_seg_name init.m4s -media_seg_name segment$Number$.m4s {LiveFolder}/all.mpd "
                + $"-map 0 -c copy -movflags +empty_moov+default_base_moof -frag_duration 500000 {Fragments} "
                + $"-map 0 -map 1 -c copy -f dash -seg_duration 2 -adaptation_sets id=0,streams=v -use_template 1 -use_timeline 1 {Dash}"),
            root,
            cancellationToken);
        await RunAsync(Words($"{CommonOptions} -i high.mp4 -vf noise=c0s=30:c0f=t {Encode} -qp 10 {Mp4}"), root, cancellationToken);
        foreach (var master in (string[])[TransportStream, Fragmented])
        {
            await File.WriteAllTextAsync(
                Path.Combine(root, master),
                $"""
                #EXTM3U
                #EXT-X-STREAM-INF:BANDWIDTH=300000,RESOLUTION=160x{LowHeight},CODECS="avc1.42C01E"
                0/film.m3u8
                #EXT-X-STREAM-INF:BANDWIDTH=900000,RESOLUTION=320x{HighHeight},CODECS="avc1.42C01E"
                1/film.m3u8

                """,
                cancellationToken);
        }

        const int Missing = MissingSecond / 2;
        foreach (var segment in (string[])[$"ts/0/segment{Missing}.ts", $"ts/1/segment{Missing}.ts", $"fmp4/0/segment{Missing}.m4s", $"fmp4/1/segment{Missing}.m4s",
            $"dash/chunk-stream0-{Missing + 1:00000}.m4s", $"dash/chunk-stream1-{Missing + 1:00000}.m4s"])
        {
            var path = Path.Combine(root, segment);
            Assert.True(File.Exists(path), path);
            File.Delete(path);
        }
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static async Task RunAsync(IEnumerable<string> arguments, string folder, CancellationToken cancellationToken)
    {
        var ffmpeg = await ChildProcess.RunAsync("ffmpeg", arguments, cancellationToken, folder);
        Assert.True(ffmpeg.ExitCode == 0, string.Join('\n', ffmpeg.Lines));
    }
}
