using System.Security.Cryptography;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.FunctionalTests.Requests;

public sealed class SampleTests
{
    private const string Film = "films/aurora.webm";

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sample_AFilm_IsTheOriginsByteForByteAndThenCached()
    {
        await using var node = await Node.StartAsync(["sample"], Now);
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
        using var temporary = new TemporaryFolder();
        await using var node = await Node.StartAsync(["sample"], Now, new Dictionary<string, string?> { ["TMPDIR"] = temporary.Path });
        await node.Client.GetByteArrayAsync(Film, Now);
        Assert.NotEmpty(Directory.GetDirectories(temporary.Path, "chunkproxy-sample-*"));

        Assert.Equal(0, await node.StopAsync(Now));

        Assert.Empty(Directory.GetDirectories(temporary.Path, "chunkproxy-sample-*"));
    }

    [Fact]
    public async Task Sample_WithAPortInUse_SaysSoAndLeavesNoFileBehind()
    {
        using var temporary = new TemporaryFolder();
        var environment = new Dictionary<string, string?> { ["TMPDIR"] = temporary.Path };
        await using var node = await Node.StartAsync(["sample"], Now, environment);

        await using var second = Node.Launch(["sample", "-webaddr", node.Address.Authority], environment);

        Assert.Equal(1, await second.WhenExitedAsync(Now));
        Assert.Contains("-webaddr", second.Lines[^1], StringComparison.Ordinal);
        Assert.Single(Directory.GetDirectories(temporary.Path, "chunkproxy-sample-*"));
    }

    private static async Task<Uri> OriginOfAsync(Node node)
    {
        const string Before = "chunkproxy: origin ";
        var line = await node.WhenLineAsync(line => line.StartsWith(Before, StringComparison.Ordinal), "the address of the origin", Now);
        return new Uri(line[Before.Length..]);
    }
}
