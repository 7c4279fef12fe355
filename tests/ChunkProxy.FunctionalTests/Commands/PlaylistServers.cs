using ChunkProxy.Testing.Nginx;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.FunctionalTests.Commands;

/// <summary>An nginx with films as ffmpeg makes them for HLS and DASH, and a node in front of it.</summary>
public sealed class PlaylistServers : IAsyncLifetime
{
    private const string Key = "a-key-of-more-than-16-characters";

    private const string Source = "-nostdin -hide_banner -loglevel error -f lavfi -i testsrc2=size=320x180:rate=25:duration=7 -f lavfi -i sine=frequency=440:duration=7";
    private const string Codecs = "-c:v libx264 -preset ultrafast -g 50 -c:a aac";

    // Each film in a folder of its own, from which ffmpeg runs.
    private static readonly (string Folder, string Arguments)[] Films =
    [
        (
            "ts",
            "-map 0:v -map 1:a -map 0:v -map 1:a -s:v:0 320x180 -s:v:1 160x90 -f hls -hls_time 2 -hls_playlist_type vod -hls_key_info_file ../keyinfo"
            + " -hls_segment_filename %v/seg%03d.ts -master_pl_name master.m3u8 -var_stream_map v:0,a:0§v:1,a:1 %v/index.m3u8"),
        ("fmp4", "-map 0:v -map 1:a -f hls -hls_time 2 -hls_playlist_type vod -hls_segment_type fmp4 -hls_flags single_file film.m3u8"),
        ("fmp4-files", "-map 0:v -map 1:a -f hls -hls_time 2 -hls_playlist_type vod -hls_segment_type fmp4 film.m3u8"),
        ("number", "-map 0:v -map 1:a -f dash -seg_duration 2 -use_timeline 0 film.mpd"),
        ("timeline", "-map 0:v -f dash -seg_duration 2 -use_timeline 1 -media_seg_name $RepresentationID$-$Time$.m4s film.mpd"),
        ("list", "-map 0:v -map 1:a -f dash -seg_duration 2 -use_timeline 0 -use_template 0 film.mpd"),
        ("single", "-map 0:v -map 1:a -f dash -seg_duration 2 -single_file 1 film.mpd"),
    ];

    private readonly TemporaryFolder _cache = new();

    public NginxOrigin Nginx { get; private set; } = null!;

    public Node Node { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Nginx = await NginxOrigin.StartAsync(CancellationToken.None, new NginxOptions { Headers = new Dictionary<string, string> { ["Cache-Control"] = "max-age=3600" } });
        await File.WriteAllBytesAsync(Path.Combine(Nginx.Root, "ts.key"), new byte[16]);
        await File.WriteAllTextAsync(Path.Combine(Nginx.Root, "keyinfo"), "../../ts.key\n../ts.key\n");
        foreach (var (folder, arguments) in Films)
        {
            var path = Directory.CreateDirectory(Path.Combine(Nginx.Root, folder)).FullName;
            var words = $"{Source} {Codecs} {arguments}".Split(' ').Select(word => word.Replace('§', ' '));
            await ProgramRun.OutputAsync(["ffmpeg", .. words], CancellationToken.None, folder: path);
        }

        Node = await Node.StartAsync(
            ["-url", Nginx.BaseAddress.ToString(), "-dir", _cache.Path, "-size-c", "64KiB"],
            CancellationToken.None,
            new Dictionary<string, string?> { [Setting.InEnvironment("AdminKey")] = Key });
    }

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        await Nginx.DisposeAsync();
        _cache.Dispose();
    }

    /// <summary>Runs <c>chunkproxy warm</c> against the node, and returns its output.</summary>
    public async Task<IReadOnlyList<string>> WarmAsync(int exitCode, params string[] arguments)
    {
        await using var process = Node.Launch(
            ["warm", "-node", Node.Address.ToString(), .. arguments], new Dictionary<string, string?> { [Setting.InEnvironment("AdminKey")] = Key });
        var code = await process.WhenExitedAsync(TestContext.Current.CancellationToken);
        Assert.True(exitCode == code, $"{code}: {string.Join('\n', process.Lines)}");
        return process.Lines;
    }

    /// <summary>The paths of all files below a folder of the origin.</summary>
    public IReadOnlyList<string> FilesOf(string folder) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Nginx.Root, folder), "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Nginx.Root, file))
            .Order(StringComparer.Ordinal),
    ];
}
