using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.Release.Tests.Artefacts;

/// <summary>Everything that <c>eng/release.sh</c> makes, made once for all tests, and the image of a clean Debian to install it in.</summary>
public sealed class MadeRelease : IAsyncLifetime
{
    public const string Absent = "needs containers: ./test.sh --containers";

    /// <summary>The collection of the tests that install what is made.</summary>
    public const string Collection = "release";

    private static readonly string? Engine = Environment.GetEnvironmentVariable("CHUNKPROXY_ENGINE");

    /// <summary>Environment of <c>eng/release.sh</c>: the fast compression, because the other takes minutes.</summary>
    internal static IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?> { ["DEB_COMPRESSION"] = "zstd" };

    private readonly TemporaryFolder _folder = new();

    /// <summary>A container engine is there, as <c>eng/containers.sh run</c> sets it up for this process.</summary>
    public static bool IsPossible => Engine is { Length: > 0 };

    /// <summary>The folder with what was made.</summary>
    public string Folder => _folder.Path;

    /// <summary>The image of a clean Debian.</summary>
    public string CleanRoot { get; private set; } = "";

    /// <summary>Returns the one file whose name fits.</summary>
    public string File(string pattern) => Directory.EnumerateFiles(Folder, pattern).Single();

    public async ValueTask InitializeAsync()
    {
        if (!IsPossible)
        {
            return;
        }

        var stop = TestContext.Current.CancellationToken;
        await ProgramRun.OutputAsync(
            [Path.Combine(ProductBuild.Root, "eng/release.sh")], stop, new Dictionary<string, string?>(Settings) { ["CHUNKPROXY_DIST"] = Folder });
        CleanRoot = (await ProgramRun.OutputAsync([Path.Combine(ProductBuild.Root, "eng/clean-root.sh")], stop)).Trim();
    }

    /// <summary>Starts a clean Debian with what was made at <c>/dist</c>. It runs nothing yet.</summary>
    /// <param name="mounts">Further folders, each <c>/host:/container</c>; read-only.</param>
    internal async Task<CleanDebian> StartAsync(CancellationToken cancellationToken, params string[] mounts) =>
        await CleanDebian.StartAsync(Engine!, CleanRoot, [$"{Folder}:/dist", .. mounts], ["sleep", "infinity"], cancellationToken);

    /// <summary>Loads an image from the file that was made.</summary>
    internal static Task LoadImageAsync(string archive, CancellationToken cancellationToken) =>
        ProgramRun.OutputAsync([Engine!, "load", "--input", archive], cancellationToken);

    /// <summary>Starts a container of an image that was made.</summary>
    internal static Task<CleanDebian> StartImageAsync(string image, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        CleanDebian.StartAsync(Engine!, image, [], arguments, cancellationToken);

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
