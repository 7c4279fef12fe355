using System.Text.Json;
using ChunkProxy.FunctionalTests.Cluster;
using ChunkProxy.Testing.Etcd;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.FunctionalTests.Commands;

/// <summary>The commands that ask a running node, as processes, against a real cluster.</summary>
public sealed class NodeCommandTests : IAsyncLifetime
{
    private const int ChunkSize = 64 * 1024;
    private const int Chunks = 40;
    private const string Key = "a-key-of-more-than-16-characters";

    private EtcdServer _etcd = null!;
    private EtcdCluster _cluster = null!;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    private string Url => _cluster.Members[0].Node.Address.ToString();

    public async ValueTask InitializeAsync()
    {
        _etcd = await EtcdServer.StartAsync(Now);
        _cluster = new EtcdCluster(_etcd) { Arguments = "-size-c 64KiB -size-m 16MiB", Settings = [("AdminKey", Key)] };
        _cluster.Origin.Add("/film.mp4", Chunks * ChunkSize);
        await _cluster.AddAsync(3, Now);
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _etcd.DisposeAsync();
    }

    [Fact]
    public async Task StatusAndMap_OfAFilmHalfWatched_ShowTheClusterAndTheHalf()
    {
        using (var answer = await _cluster.Members[0].Node.GetAsync("film.mp4", Now, 0, (Chunks * ChunkSize / 2) - 1))
        {
            Assert.Equal(Chunks * ChunkSize / 2, (await answer.Content.ReadAsByteArrayAsync(Now)).Length);
        }

        var status = await RunAsync(0, "status", "-node", Url);
        Assert.Contains(status, line => line.StartsWith("Origin traffic saved: ", StringComparison.Ordinal) && line.Contains("(1.25 MiB to clients, ", StringComparison.Ordinal));
        Assert.All(_cluster.Members, member => Assert.Contains(status, line => line.StartsWith(member.Id, StringComparison.Ordinal) && line.Contains(" answers ", StringComparison.Ordinal)));
        Assert.Contains(status, line => line.Contains("206", StringComparison.Ordinal) && line.Contains("/film.mp4", StringComparison.Ordinal));

        using var json = JsonDocument.Parse(string.Join('\n', await RunAsync(0, "status", "-json", "-node", Url)));
        Assert.Equal(3, json.RootElement.GetProperty("cluster").GetProperty("members").GetArrayLength());

        var map = await RunAsync(0, "map", "-node", Url, Url + "film.mp4");
        Assert.Contains(map, line => line.StartsWith("50 % cached: 20 of 40, 20 in memory, ", StringComparison.Ordinal));
        Assert.Contains(map, line => line.StartsWith("anywhere ", StringComparison.Ordinal) && line.EndsWith("  50 %", StringComparison.Ordinal));
        Assert.All(_cluster.Members, member => Assert.Contains(map, line => line.StartsWith(member.Id, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Status_MemberHangs_SaysThatItIsSilent()
    {
        var hung = _cluster.Members[2];
        hung.Node.Pause();
        try
        {
            // What was asked before it hung is repeated for half a second.
            var status = await RunAsync(0, "status", "-node", Url);
            for (var tries = 0; !status.Any(IsTold) && tries < 20; tries++)
            {
                status = await RunAsync(0, "status", "-node", Url);
            }

            Assert.Contains(status, line => IsTold(line));
        }
        finally
        {
            hung.Node.Resume();
        }

        bool IsTold(string line) => line.StartsWith(hung.Id, StringComparison.Ordinal)
            && (line.Contains("silent", StringComparison.Ordinal) || line.Contains("avoided", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1, "nothing is known of /nosuch.mp4", "map", "/nosuch.mp4")]
    [InlineData(1, "asks for its admin key", "warm", "/film.mp4")]
    [InlineData(1, "has another admin key", "warm", "-adminkey", "some-other-key-of-16-or-more", "/film.mp4")]
    [InlineData(2, "purge needs a path", "purge")]
    public async Task Command_CannotBeDone_EndsWithOneLineAndItsCode(int exitCode, string says, params string[] command)
    {
        var lines = await RunAsync(exitCode, [.. command, "-node", Url]);

        Assert.Contains(says, Assert.Single(lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Warm_OfAFilm_BringsItOnceAndIsThereForEveryNode()
    {
        var film = _cluster.Origin.Add("/warm.mp4", Chunks * ChunkSize);

        var warm = await RunWithKeyAsync(0, "warm", "-node", Url, "/warm.mp4");

        Assert.Equal("/warm.mp4: done, 40 of 40 chunks, 2.50 MiB of 2.50 MiB", warm[^1]);
        await film.WhenIdleAsync(Now);
        var cost = film.BodyBytesSent;
        Assert.InRange(cost, Chunks * ChunkSize, Chunks * ChunkSize * 1.05);
        Assert.Contains(await RunAsync(0, "map", "-node", Url, "/warm.mp4"), line => line.StartsWith("100 % cached: 40 of 40", StringComparison.Ordinal));
        foreach (var member in _cluster.Members)
        {
            await member.Node.VerifyAsync(film, Now);
        }

        Assert.Equal(cost, film.BodyBytesSent);
    }

    [Fact]
    public async Task Purge_OfAFilmThatIsCached_IsGoneFromEveryMember()
    {
        var film = _cluster.Origin.Add("/old.mp4", Chunks * ChunkSize);
        await _cluster.Members[1].Node.VerifyAsync(film, Now);

        var purge = await RunWithKeyAsync(0, "purge", "-node", Url, "/old.mp4");

        Assert.Contains("/old.mp4: ", purge[0], StringComparison.Ordinal);
        Assert.EndsWith("forgotten; gone from every member", purge[0], StringComparison.Ordinal);
        Assert.All(_cluster.Members, member => Assert.Contains(purge, line => line.StartsWith(member.Id, StringComparison.Ordinal) && line.Contains("forgotten", StringComparison.Ordinal)));
        Assert.DoesNotContain(purge, line => line.StartsWith("/old.mp4: 0 chunks", StringComparison.Ordinal));

        var cost = film.BodyBytesSent;
        await _cluster.Members[2].Node.VerifyAsync(film, Now);
        Assert.InRange(film.BodyBytesSent - cost, Chunks * ChunkSize, Chunks * ChunkSize * 1.05); // all of it came anew
    }

    [Fact]
    public async Task Warm_OfWhatTheOriginHasNot_FailsAndSaysWhy()
    {
        var lines = await RunWithKeyAsync(1, "warm", "-node", Url, "/nosuch.mp4");

        Assert.Equal("chunkproxy: /nosuch.mp4: failed: the origin has no such object", lines[^1]);
    }

    private static Task<IReadOnlyList<string>> RunAsync(int exitCode, params IEnumerable<string> arguments) => RunAsync(exitCode, arguments, environment: null);

    private static Task<IReadOnlyList<string>> RunWithKeyAsync(int exitCode, params IEnumerable<string> arguments) =>
        RunAsync(exitCode, arguments, new Dictionary<string, string?> { [Setting.InEnvironment("AdminKey")] = Key });

    private static async Task<IReadOnlyList<string>> RunAsync(int exitCode, IEnumerable<string> arguments, Dictionary<string, string?>? environment)
    {
        await using var process = Node.Launch(arguments, environment);
        var code = await process.WhenExitedAsync(Now);
        Assert.True(exitCode == code, $"{code}: {string.Join('\n', process.Lines)}");
        return process.Lines;
    }
}
