using System.Net;
using ChunkProxy.FunctionalTests.Commands;
using ChunkProxy.FunctionalTests.Purging;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.Sites;

/// <summary>Keys with the host, and keys without the case of the path, in a cluster of two nodes.</summary>
public sealed class KeyRuleTests : IAsyncDisposable
{
    private readonly ScriptedOrigin _origin = ScriptedOrigin.Start();
    private readonly TemporaryFolder _folder = new();
    private readonly List<Node> _nodes = [];

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        await _origin.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Get_HostIsPartOfTheKey_EachHostIsAnObjectAndTheOriginIsAskedForIt()
    {
        await StartAsync(("CacheKey:Host", "true"), ("Routes:all:Hosts", "*.films.test"));
        SeveralSites.Add(_origin, "/a.mp4", seed: 1);

        foreach (var host in new[] { "one.films.test", "two.films.test" })
        {
            await SeveralSites.VerifyAsync(_nodes[0], host, "a.mp4", seed: 1, Now);
            await SeveralSites.VerifyAsync(_nodes[1], host.ToUpperInvariant() + ":8080", "a.mp4", seed: 1, Now);
        }

        Assert.Equal(["one.films.test", "two.films.test"], _origin.Requests.Where(static request => request.Path == "/a.mp4").Select(static request => request["Host"]).Distinct().Order());
        Assert.Equal(2 * SeveralSites.Size, _origin.Requests.Sum(static request => request.BodyBytesSent));

        SeveralSites.Add(_origin, "/a.mp4", seed: 2);
        Assert.Equal(HttpStatusCode.OK, await _nodes[1].PurgeByQueryAsync("prefix=https://two.films.test/", Now));
        await SeveralSites.VerifyAsync(_nodes[0], "one.films.test", "a.mp4", seed: 1, Now);
        await SeveralSites.VerifyAsync(_nodes[0], "two.films.test", "a.mp4", seed: 2, Now);

        Assert.Equal(HttpStatusCode.OK, await _nodes[0].PurgeByQueryAsync("path=//one.films.test/a.mp4", Now)); // as the stats show it
        await SeveralSites.VerifyAsync(_nodes[1], "one.films.test", "a.mp4", seed: 2, Now);
        Assert.Equal(HttpStatusCode.NotFound, await _nodes[0].PurgeByQueryAsync("path=/a.mp4", Now));
    }

    [Fact]
    public async Task Get_CaseDoesNotCount_SpellingsShareChunksAndTheOriginGetsThatOfTheRequest()
    {
        await StartAsync(("CacheKey:IgnorePathCase", "true"));
        SeveralSites.Add(_origin, "/Films/A.mp4", seed: 1);
        SeveralSites.Add(_origin, "/films/a.MP4", seed: 1);

        await ReadAsync(_nodes[0], "Films/A.mp4", 0, OneNode.MiB - 1);
        await ReadAsync(_nodes[1], "films/a.MP4", OneNode.MiB, SeveralSites.Size - 1);
        await SeveralSites.VerifyAsync(_nodes[0], "any.test", "FILMS/A.MP4", seed: 1, Now);

        Assert.Equal(["/Films/A.mp4", "/films/a.MP4"], _origin.Requests.Where(static request => request.BodyBytesSent > 0).Select(static request => request.Path).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(SeveralSites.Size, _origin.Requests.Sum(static request => request.BodyBytesSent));

        Assert.Equal(HttpStatusCode.OK, await _nodes[0].PurgeByQueryAsync("prefix=/FILMS/", Now));
        SeveralSites.Add(_origin, "/films/A.MP4", seed: 2);
        await SeveralSites.VerifyAsync(_nodes[1], "any.test", "films/A.MP4", seed: 2, Now);
    }

    [Fact]
    public async Task Start_HostIsPartOfTheKeyWithoutRoutes_IsRefused()
    {
        await using var process = Node.Launch(
            ["-url", "http://origin.example/", "-size-d", "0"], new Dictionary<string, string?> { ["ChunkProxy__CacheKey__Host"] = "true" }, _folder.Path);

        Assert.Equal(2, await process.WhenExitedAsync(Now));
        Assert.Contains("chunkproxy: ChunkProxy:CacheKey:Host: needs routes with Hosts", Assert.Single(process.Lines), StringComparison.Ordinal);
    }

    private static async Task ReadAsync(Node node, string target, int from, int to)
    {
        using var response = await SeveralSites.SendAsync(node, "any.test", target, Now, fields: ("Range", $"bytes={from}-{to}"));
        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        await response.Content.CopyToAsync(Stream.Null, Now);
    }

    private async Task StartAsync(params (string Key, string Value)[] settings)
    {
        string[] pool = [$"127.0.0.1:{FreePort.Next()}", $"127.0.0.1:{FreePort.Next()}"];
        foreach (var address in pool)
        {
            _nodes.Add(await Node.StartAsync(
                ["-url", _origin.BaseAddress.ToString(), "-size-d", "0", "-size-m", "32MiB", "-adminkey", PurgeCluster.Key, "-pooladdr", address, "-poolpeers", string.Join(',', pool)],
                Now,
                settings.ToDictionary(static setting => Setting.InEnvironment(setting.Key), static setting => (string?)setting.Value),
                _folder.Path));
        }
    }
}
