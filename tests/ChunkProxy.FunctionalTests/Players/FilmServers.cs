using ChunkProxy.Testing.Nginx;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.FunctionalTests.Players;

/// <summary>An nginx with a playable film and a large file, and a node in front of it.</summary>
public sealed class FilmServers : IAsyncLifetime
{
    public const string Film = "film.mp4";
    public const string Large = "large.bin";
    public const long LargeSize = 40_000_003;

    private readonly TemporaryFolder _cache = new();

    public NginxOrigin Nginx { get; private set; } = null!;

    public Node Node { get; private set; } = null!;

    /// <summary>The film's file at the origin.</summary>
    public string FilmFile => Path.Combine(Nginx.Root, Film);

    public async ValueTask InitializeAsync()
    {
        Nginx = await NginxOrigin.StartAsync(CancellationToken.None);
        await Nginx.AddAsync(Large, seed: 1, LargeSize, CancellationToken.None);
        await MakeFilmAsync(FilmFile);
        Node = await StartNodeAsync(_cache.Path);
    }

    /// <summary>A separate node with an empty cache.</summary>
    public Task<Node> StartNodeAsync(string folder) => Node.StartAsync(
        ["-url", Nginx.BaseAddress.ToString(), "-dir", folder, "-size-c", "256KiB"],
        CancellationToken.None,
        new Dictionary<string, string?> { ["ChunkProxy__FrontEnd__LookAheadLimit"] = "1MiB" });

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        await Nginx.DisposeAsync();
        _cache.Dispose();
    }

    // 24 seconds, a key frame each second, its index in front. The noise makes it some 80 MB: sockets alone swallow a few of whatever is asked for.
    private static async Task MakeFilmAsync(string path)
    {
        var ffmpeg = await ChildProcess.RunAsync(
            "ffmpeg",
            [
                "-nostdin", "-hide_banner", "-loglevel", "error",
                "-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25:duration=24,noise=alls=12:allf=t", "-f", "lavfi", "-i", "sine=frequency=440:duration=24",
                "-c:v", "mpeg4", "-g", "25", "-q:v", "2", "-c:a", "aac", "-movflags", "+faststart", path,
            ],
            CancellationToken.None);
        Assert.True(ffmpeg.ExitCode == 0, string.Join('\n', ffmpeg.Lines));
    }
}
