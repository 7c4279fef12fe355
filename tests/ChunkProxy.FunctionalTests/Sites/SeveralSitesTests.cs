using System.Net;
using ChunkProxy.FunctionalTests.Commands;
using ChunkProxy.FunctionalTests.Purging;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.Sites;

/// <summary>Routes and origins in real processes, alone and as a cluster.</summary>
public sealed class SeveralSitesTests(SeveralSitesTests.Started started) : IClassFixture<SeveralSitesTests.Started>
{
    private readonly string _file = $"site-{SharedNodes.FreshNumber()}.mp4";

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Get_TwoSites_EachFromItsOriginWithItsRules(int nodes)
    {
        var sites = await started.GetAsync(nodes, Now);
        SeveralSites.Add(sites.Public, $"/films/{_file}?CMCD=0", seed: 1);
        SeveralSites.Add(sites.Private, $"/vault/{_file}", seed: 2);
        var signed = Signed($"/films/{_file}");

        for (var i = 0; i < nodes; i++)
        {
            await SeveralSites.VerifyAsync(sites.Nodes[i], "open.test", $"films/{_file}?CMCD={i}", seed: 1, Now);
            await SeveralSites.VerifyAsync(sites.Nodes[i], "VIP.test:8181", signed, seed: 2, Now);
        }

        var (atPrivate, atPublic) = (Requests(sites.Private), Requests(sites.Public));
        Assert.All(atPrivate, request => Assert.Equal(($"/vault/{_file}", SeveralSites.Token), (request.Path, request["X-Token"])));
        Assert.All(atPublic, request => Assert.Null(request["X-Token"]));
        Assert.Equal(SeveralSites.Size, atPublic.Sum(request => request.BodyBytesSent));
        Assert.Equal(SeveralSites.Size, atPrivate.Sum(request => request.BodyBytesSent));
    }

    [Fact]
    public async Task Get_RulesOfARoute_AreNotThoseOfTheOther()
    {
        var sites = await started.GetAsync(1, Now);
        SeveralSites.Add(sites.Public, $"/{_file}", seed: 1);
        SeveralSites.Add(sites.Private, $"/vault/{_file}", seed: 2);
        (string, string) page = ("Origin", "https://site.test");

        using var open = await SeveralSites.SendAsync(sites.Nodes[0], "open.test", _file, Now, fields: page);
        using var unsigned = await SeveralSites.SendAsync(sites.Nodes[0], "vip.test", $"films/{_file}", Now, fields: page);
        using var signed = await SeveralSites.SendAsync(sites.Nodes[0], "vip.test", Signed($"/films/{_file}"), Now, fields: page);
        using var elsewhere = await SeveralSites.SendAsync(sites.Nodes[0], "other.test", _file, Now, fields: page);
        using var preflight = await SeveralSites.SendAsync(sites.Nodes[0], "open.test", _file, Now, HttpMethod.Options, page, ("Access-Control-Request-Method", "GET"));

        Assert.Equal((HttpStatusCode.OK, "https://site.test"), (open.StatusCode, Granted(open)));
        Assert.Equal((HttpStatusCode.Forbidden, null), (unsigned.StatusCode, Granted(unsigned)));
        Assert.Equal((HttpStatusCode.OK, null), (signed.StatusCode, Granted(signed)));
        Assert.Equal((HttpStatusCode.NotFound, null), (elsewhere.StatusCode, Granted(elsewhere)));
        Assert.Equal((HttpStatusCode.NoContent, "https://site.test"), (preflight.StatusCode, Granted(preflight)));
        Assert.Equal("404 Not Found: No route matches this host and path.\n", await elsewhere.Content.ReadAsStringAsync(Now));
    }

    [Fact]
    public async Task Purge_ByUrlAndByOrigin_RemovesTheObjectsOfThatSite()
    {
        var sites = await started.GetAsync(2, Now);
        SeveralSites.Add(sites.Public, $"/films/{_file}", seed: 1);
        SeveralSites.Add(sites.Private, $"/vault/{_file}", seed: 2);
        var signed = Signed($"/films/{_file}");
        await VerifyBothAsync(1, 2);
        SeveralSites.Add(sites.Public, $"/films/{_file}", seed: 3);
        SeveralSites.Add(sites.Private, $"/vault/{_file}", seed: 4);
        await VerifyBothAsync(1, 2);

        Assert.Equal(HttpStatusCode.OK, await sites.Nodes[0].PurgeByQueryAsync($"path=https://open.test/films/{_file}", Now));
        await VerifyBothAsync(3, 2);

        Assert.Equal(HttpStatusCode.OK, await sites.Nodes[1].PurgeByQueryAsync("prefix=https://vip.test/films/", Now));
        await VerifyBothAsync(3, 4);

        SeveralSites.Add(sites.Public, $"/films/{_file}", seed: 5);
        Assert.Equal(HttpStatusCode.OK, await sites.Nodes[1].PurgeByQueryAsync("prefix=public:/", Now));
        await VerifyBothAsync(5, 4);

        Assert.Equal(HttpStatusCode.NotFound, await sites.Nodes[0].PurgeByQueryAsync($"path=/films/{_file}", Now));
        Assert.Equal(HttpStatusCode.NotFound, await sites.Nodes[0].PurgeByQueryAsync("prefix=https://other.test/", Now));

        async Task VerifyBothAsync(long open, long vip)
        {
            foreach (var node in sites.Nodes)
            {
                await SeveralSites.VerifyAsync(node, "open.test", $"films/{_file}", open, Now);
                await SeveralSites.VerifyAsync(node, "vip.test", signed, vip, Now);
            }
        }
    }

    [Fact]
    public async Task Commands_UrlOfASite_WarmShowAndPurgeIt()
    {
        var sites = await started.GetAsync(1, Now);
        SeveralSites.Add(sites.Public, $"/films/{_file}", seed: 1);

        Assert.Contains($"public:/films/{_file}: done", await RunAsync("warm", $"http://open.test/films/{_file}"), StringComparison.Ordinal);
        Assert.Contains($"public:/films/{_file}", await RunAsync("map", $"public:/films/{_file}"), StringComparison.Ordinal);
        Assert.Contains($"public:/films/{_file}: 3 chunks", await RunAsync("purge", $"http://open.test/films/{_file}"), StringComparison.Ordinal);

        async Task<string> RunAsync(string command, string argument) => string.Join(
            '\n', await CommandCluster.RunAsync(0, command, "-node", sites.Nodes[0].Address.ToString(), "-adminkey", PurgeCluster.Key, argument));
    }

    // Of this test, whatever path they were for.
    private List<OriginRequest> Requests(ScriptedOrigin origin) => [.. origin.Requests.Where(request => request.Path.Contains(_file, StringComparison.Ordinal))];

    private static string? Granted(HttpResponseMessage response) => response.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? values.Single() : null;

    private static string Signed(string path) => $"{path[1..]}?{SignedUrl.Sign(SeveralSites.UrlKey, path, hours: 1)}";

    /// <summary>The sites by their number of nodes. Each test has objects of its own.</summary>
    public sealed class Started : IAsyncDisposable
    {
        private readonly Dictionary<int, SeveralSites> _sites = []; // without a lock: tests of a class run one after another

        public async ValueTask DisposeAsync()
        {
            foreach (var sites in _sites.Values)
            {
                await sites.DisposeAsync();
            }
        }

        internal async Task<SeveralSites> GetAsync(int nodes, CancellationToken cancellationToken)
        {
            if (!_sites.TryGetValue(nodes, out var sites))
            {
                _sites[nodes] = sites = await SeveralSites.StartAsync(nodes, cancellationToken);
            }

            return sites;
        }
    }
}
