using System.Security.Cryptography;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.FunctionalTests.Requests;

/// <summary><c>chunkproxy sample</c>: a node with an origin of its own.</summary>
public sealed class SampleTests(SampleTests.Sample sample) : IClassFixture<SampleTests.Sample>
{
    private const string Film = "films/aurora.webm";

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sample_AFilm_IsTheOriginsByteForByteAndThenCached()
    {
        var node = sample.Node;
        using var direct = new HttpClient { BaseAddress = await OriginOfAsync(node) };

        Assert.Contains("films.js", await node.Client.GetStringAsync(node.Address, Now), StringComparison.Ordinal);
        var film = await direct.GetByteArrayAsync(Film, Now);
        Assert.Equal(SHA256.HashData(film), SHA256.HashData(await node.Client.GetByteArrayAsync(Film, Now)));
        await node.WhenFilledAsync(Now);
        using var again = await node.GetAsync(Film, Now, from: 1_000_000, to: 1_999_999);

        Assert.Equal(film[1_000_000..2_000_000], await again.Content.ReadAsByteArrayAsync(Now));
        Assert.Contains("hit", string.Join(' ', again.Headers.GetValues("Cache-Status")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sample_Stopped_LeavesNoFileBehind()
    {
        await using var own = new Sample();
        await own.InitializeAsync();
        await own.Node.Client.GetByteArrayAsync(Film, Now);
        Assert.NotEmpty(own.Folders());

        Assert.Equal(0, await own.Node.StopAsync(Now));

        Assert.Empty(own.Folders());
    }

    [Fact]
    public async Task Sample_WithAPortInUse_SaysSoAndLeavesNoFileBehind()
    {
        await using var second = Node.Launch(["sample", "-webaddr", sample.Node.Address.Authority], sample.Environment);

        Assert.Equal(1, await second.WhenExitedAsync(Now));
        Assert.Contains("-webaddr", second.Lines[^1], StringComparison.Ordinal);
        Assert.Single(sample.Folders());
    }

    private static async Task<Uri> OriginOfAsync(Node node)
    {
        const string Before = "chunkproxy: origin ";
        var line = await node.WhenLineAsync(line => line.StartsWith(Before, StringComparison.Ordinal), "the address of the origin", Now);
        return new Uri(line[Before.Length..]);
    }

    /// <summary>The command as a process, whose temporary files are in a folder of their own.</summary>
    public sealed class Sample : IAsyncLifetime
    {
        private readonly TemporaryFolder _temporary = new();

        public Node Node { get; private set; } = null!;

        internal Dictionary<string, string?> Environment => new() { ["TMPDIR"] = _temporary.Path };

        public async ValueTask InitializeAsync() => Node = await Node.StartAsync(["sample"], Now, Environment);

        public async ValueTask DisposeAsync()
        {
            await Node.DisposeAsync();
            _temporary.Dispose();
        }

        internal string[] Folders() => Directory.GetDirectories(_temporary.Path, "chunkproxy-sample-*");
    }
}
