using ChunkProxy.Web.Http.Targets;
using ChunkProxy.Web.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ChunkProxy.Web.Tests.Http.Targets;

/// <summary>Targets that the front end or the server rejects. None of them reaches the engine.</summary>
public sealed class HostileTargetTests
{
    public static TheoryData<string> Targets =>
    [
        "/..", "/../etc/passwd", "/a/../../etc/passwd", "/%2e%2e/etc/passwd", "/%2e%2E%2fetc", "/..%2fetc", "/a/..%2F..%2Fetc", "/..%5cetc", "/..\\etc", "/a\\b",
        "/a%00.mp4", "/a%0d%0aHost:x", "/a%7f", "//host/a", "///host", "/%2f/host", "/%2Fhost", "/./a", "/a/.", "/%c0%ae%c0%ae/", "/a%", "/a%zz", "/a#b",
        "http://test/a", "http://evil.example/a", "https://test/", "ftp://test/a", "*", "a", "test:80", "/_chunkproxy/none", "/%5fchunkproxy/none", "/a\u00e9", "/a\u0001b",
        "/" + new string('a', 8 * 1024), "/" + new string('a', 64 * 1024), "/?" + new string('a', 64 * 1024), "/" + string.Concat(Enumerable.Repeat("%2e%2e/", 1000)),
    ];

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task Get_HostileTarget_IsRefusedAndNeverReachesTheReader(string target)
    {
        await using var host = await FrontEndHost.StartAsync();

        var answer = await host.SendAsync("GET", target);

        // The server's parser responds with 405 to forms that belong to OPTIONS and CONNECT.
        Assert.Contains(answer.Status, target is ['/' or 'h' or 'f', ..] ? (int[])[400, 404, 414] : [400, 405]);
        Assert.Empty(host.Reader.Finds);
    }

    [Theory]
    [InlineData(300, 414)]
    [InlineData(64 * 1024, 414)]
    public async Task Get_TargetOverTheConfiguredLimit_Is414(int length, int status)
    {
        await using var host = await FrontEndHost.StartAsync(options => options.MaxTargetLength = 256);

        Assert.Equal(status, (await host.SendAsync("GET", "/" + new string('a', length))).Status);
        Assert.Empty(host.Reader.Finds);
    }

    [Fact]
    public async Task Get_TargetAtARaisedLimit_ReachesTheReader()
    {
        await using var host = await FrontEndHost.StartAsync(options => options.MaxTargetLength = 40_000);
        var target = "/" + new string('a', 39_999);

        Assert.Equal(404, (await host.SendAsync("GET", target)).Status);
        Assert.Equal(target, Assert.Single(host.Reader.Finds).Path);
    }

    [Fact]
    public async Task Get_SeveralSpellings_AreOneObject()
    {
        await using var host = await FrontEndHost.StartAsync();
        foreach (var spelling in (string[])["/%66ilm", "/film", "/fil%6D", "/%66ilm"])
        {
            await host.SendAsync("GET", spelling);
        }

        Assert.All(host.Reader.Finds, find => Assert.Equal("/film", find.Path));
        Assert.Equal(4, host.Reader.Finds.Count);
    }

    [Fact]
    public async Task Get_EndpointBelowTheReservedPrefix_IsNotTheOrigins()
    {
        await using var host = await FrontEndHost.StartAsync(map: app => app.MapGet(ReservedPaths.Prefix + "/stats", () => Results.Text("own")));

        var own = await host.SendAsync("GET", "/_chunkproxy/stats");

        Assert.Equal("own"u8.ToArray(), own.Body);
        Assert.Empty(host.Reader.Finds);
    }
}
