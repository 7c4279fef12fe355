using System.Net;
using ChunkProxy.FunctionalTests.Commands;
using ChunkProxy.FunctionalTests.Purging;

namespace ChunkProxy.FunctionalTests.Sites;

/// <summary>Routes and origins in real processes, alone and as a cluster.</summary>
public sealed class SeveralSitesTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Get_TwoSites_EachFromItsOriginWithItsRules(int nodes)
    {
        await using var sites = await SeveralSites.StartAsync(nodes, Now);
        SeveralSites.Add(sites.Public, "/films/a.mp4?CMCD=0", seed: 1);
        SeveralSites.Add(sites.Private, "/vault/a.mp4", seed: 2);
        var signed = await SignAsync(sites, "/films/a.mp4");

        for (var i = 0; i < nodes; i++)
        {
            await SeveralSites.VerifyAsync(sites.Nodes[i], "open.test", i == 0 ? "films/a.mp4?CMCD=0" : $"films/a.mp4?CMCD={i}", seed: 1, Now);
            await SeveralSites.VerifyAsync(sites.Nodes[i], "VIP.test:8181", signed, seed: 2, Now);
        }

        Assert.All(sites.Private.Requests, request => Assert.Equal(("/vault/a.mp4", SeveralSites.Token), (request.Path, request["X-Token"])));
        Assert.All(sites.Public.Requests, request => Assert.Null(request["X-Token"]));
        Assert.Equal(SeveralSites.Size, sites.Public.Requests.Sum(request => request.BodyBytesSent));
        Assert.Equal(SeveralSites.Size, sites.Private.Requests.Sum(request => request.BodyBytesSent));
    }

    [Fact]
    public async Task Get_RulesOfARoute_AreNotThoseOfTheOther()
    {
        await using var sites = await SeveralSites.StartAsync(1, Now);
        SeveralSites.Add(sites.Public, "/a.mp4", seed: 1);
        SeveralSites.Add(sites.Private, "/vault/a.mp4", seed: 2);
        (string, string) page = ("Origin", "https://site.test");

        using var open = await SeveralSites.SendAsync(sites.Nodes[0], "open.test", "a.mp4", Now, fields: page);
        using var unsigned = await SeveralSites.SendAsync(sites.Nodes[0], "vip.test", "films/a.mp4", Now, fields: page);
        using var signed = await SeveralSites.SendAsync(sites.Nodes[0], "vip.test", await SignAsync(sites, "/films/a.mp4"), Now, fields: page);
        using var elsewhere = await SeveralSites.SendAsync(sites.Nodes[0], "other.test", "a.mp4", Now, fields: page);
        using var preflight = await SeveralSites.SendAsync(sites.Nodes[0], "open.test", "a.mp4", Now, HttpMethod.Options, page, ("Access-Control-Request-Method", "GET"));

        Assert.Equal((HttpStatusCode.OK, "https://site.test"), (open.StatusCode, Granted(open)));
        Assert.Equal((HttpStatusCode.Forbidden, null), (unsigned.StatusCode, Granted(unsigned)));
        Assert.Equal((HttpStatusCode.OK, null), (signed.StatusCode, Granted(signed)));
        Assert.Equal((HttpStatusCode.NotFound, null), (elsewhere.StatusCode, Granted(elsewhere)));
        Assert.Equal((HttpStatusCode.NoContent, "https://site.test"), (preflight.StatusCode, Granted(preflight)));
        Assert.Equal("404 Not Found: No route is for this host and path.\n", await elsewhere.Content.ReadAsStringAsync(Now));
    }

    [Fact]
    public async Task Purge_ByUrlAndByOrigin_RemovesTheObjectsOfThatSite()
    {
        await using var sites = await SeveralSites.StartAsync(2, Now);
        SeveralSites.Add(sites.Public, "/films/a.mp4", seed: 1);
        SeveralSites.Add(sites.Private, "/vault/a.mp4", seed: 2);
        var signed = await SignAsync(sites, "/films/a.mp4");
        await VerifyBothAsync(1, 2);
        SeveralSites.Add(sites.Public, "/films/a.mp4", seed: 3);
        SeveralSites.Add(sites.Private, "/vault/a.mp4", seed: 4);
        await VerifyBothAsync(1, 2);

        Assert.Equal(HttpStatusCode.OK, await sites.Nodes[0].PurgeByQueryAsync("path=https://open.test/films/a.mp4", Now));
        await VerifyBothAsync(3, 2);

        Assert.Equal(HttpStatusCode.OK, await sites.Nodes[1].PurgeByQueryAsync("prefix=https://vip.test/films/", Now));
        await VerifyBothAsync(3, 4);

        SeveralSites.Add(sites.Public, "/films/a.mp4", seed: 5);
        Assert.Equal(HttpStatusCode.OK, await sites.Nodes[1].PurgeByQueryAsync("prefix=public:/", Now));
        await VerifyBothAsync(5, 4);

        Assert.Equal(HttpStatusCode.NotFound, await sites.Nodes[0].PurgeByQueryAsync("path=/films/a.mp4", Now));
        Assert.Equal(HttpStatusCode.NotFound, await sites.Nodes[0].PurgeByQueryAsync("prefix=https://other.test/", Now));

        async Task VerifyBothAsync(long open, long vip)
        {
            foreach (var node in sites.Nodes)
            {
                await SeveralSites.VerifyAsync(node, "open.test", "films/a.mp4", open, Now);
                await SeveralSites.VerifyAsync(node, "vip.test", signed, vip, Now);
            }
        }
    }

    [Fact]
    public async Task Commands_UrlOfASite_WarmShowAndPurgeIt()
    {
        await using var sites = await SeveralSites.StartAsync(1, Now);
        SeveralSites.Add(sites.Public, "/films/a.mp4", seed: 1);

        Assert.Contains("public:/films/a.mp4: done", await RunAsync("warm", "http://open.test/films/a.mp4"), StringComparison.Ordinal);
        Assert.Contains("public:/films/a.mp4", await RunAsync("map", "public:/films/a.mp4"), StringComparison.Ordinal);
        Assert.Contains("public:/films/a.mp4: 3 chunks", await RunAsync("purge", "http://open.test/films/a.mp4"), StringComparison.Ordinal);

        async Task<string> RunAsync(string command, string argument) => string.Join(
            '\n', await CommandCluster.RunAsync(0, command, "-node", sites.Nodes[0].Address.ToString(), "-adminkey", PurgeCluster.Key, argument));
    }

    private static string? Granted(HttpResponseMessage response) => response.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? values.Single() : null;

    private static async Task<string> SignAsync(SeveralSites sites, string path) =>
        (await CommandCluster.RunAsync(0, "sign", "-urlkeyfile", sites.UrlKeyFile, "-for", "1h", path)).Single()[1..];
}
