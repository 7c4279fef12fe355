using System.Net;
using System.Text.Json;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.Purging;

/// <summary>Purge requests to a stand-alone node: access, methods and responses.</summary>
[Collection(SharedNodesCollection.Name)]
public sealed class PurgeRequestTests(SharedNodes nodes)
{
    private const string Keyless = "-size-c 1MiB";
    private const string Keyed = Keyless + " -adminkey " + PurgeCluster.Key;

    private static readonly (string Key, string Value) SendTags = ("Origin:SendTags", "true");

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Purge_WithTheKey_ByMethodAndByPost_NewBytesUnderTheOldTag()
    {
        var one = await nodes.GetAsync(Keyed, Now);
        var path = $"/film%20one-{SharedNodes.FreshNumber()}.mp4?cut=2";
        var film = one.Origin.Add(path, 4 * OneNode.MiB);
        await one.VerifyAsync(film, Now);

        film.Answer = film.Answer with { Seed = 2 };
        using (var answer = await one.Node.PurgeAsync(path, PurgeCluster.Key, Now))
        {
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Now));
            Assert.Equal((HttpStatusCode.OK, "no-store"), (answer.StatusCode, answer.Headers.CacheControl?.ToString()));
            Assert.Equal((true, 4), (json.RootElement.GetProperty("complete").GetBoolean(), json.RootElement.Chunks()));
        }

        await one.VerifyAsync(film, Now);

        film.Answer = film.Answer with { Seed = 3 };
        using (var answer = await one.Node.PostPurgeAsync(path, PurgeCluster.Key, Now))
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        await one.VerifyAsync(film, Now);
        using var stats = JsonDocument.Parse(await one.Node.Client.GetStringAsync("_chunkproxy/stats", Now));
        Assert.Contains(
            stats.RootElement.GetProperty("cluster").GetProperty("events").EnumerateArray(),
            it => it.GetProperty("kind").GetString() == "purged" && it.GetProperty("subject").GetString()!.StartsWith(path.Split('?')[0], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Purge_WithoutTheRightKey_ChangesNothing()
    {
        var one = await nodes.GetAsync(Keyed, Now);
        var film = one.Origin.Add(SharedNodes.FreshPath(), 2 * OneNode.MiB);
        await one.VerifyAsync(film, Now);

        foreach (var key in new[] { null, "another-key-another-key" })
        {
            using var byMethod = await one.Node.PurgeAsync(film.Path, key, Now);
            using var byPost = await one.Node.PostPurgeAsync(film.Path, key, Now);
            Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (byMethod.StatusCode, byPost.StatusCode));
            Assert.Equal("Bearer", byMethod.Headers.WwwAuthenticate.Single().Scheme);
        }

        var requests = film.Requests.Count;
        await one.VerifyAsync(film, Now);
        Assert.Equal(requests, film.Requests.Count);
    }

    [Fact]
    public async Task Purge_NoKeyIsSet_IsForbiddenAndNotAmongTheAllowedMethods()
    {
        var one = await nodes.GetAsync(Keyless, Now, SendTags);
        var keyed = await nodes.GetAsync(Keyed, Now);
        var apart = await nodes.GetAsync("-size-c 1MiB -adminaddr 127.0.0.1:0 -adminkey " + PurgeCluster.Key, Now);
        using var forbidden = await one.Node.PurgeAsync("/film.mp4", PurgeCluster.Key, Now);
        using var elsewhere = await apart.Node.PurgeAsync("/film.mp4", PurgeCluster.Key, Now);

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.MethodNotAllowed), (forbidden.StatusCode, elsewhere.StatusCode));
        Assert.Equal(["GET, HEAD, OPTIONS", "GET, HEAD, OPTIONS, PURGE", "GET, HEAD, OPTIONS"], await Task.WhenAll(new[] { one, keyed, apart }.Select(async node =>
        {
            using var refused = await node.Node.Client.DeleteAsync("film.mp4", Now);
            Assert.Equal(HttpStatusCode.MethodNotAllowed, refused.StatusCode);
            return string.Join(", ", refused.Content.Headers.Allow);
        })));

        using var admin = new HttpClient { BaseAddress = await apart.Node.WhenAdminAddressAsync(Now) };
        using var request = new HttpRequestMessage(new HttpMethod("PURGE"), "film.mp4");
        request.Headers.Authorization = new("Bearer", PurgeCluster.Key);
        using var there = await admin.SendAsync(request, Now);
        Assert.Equal(HttpStatusCode.OK, there.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("film.mp4")]
    [InlineData("/a/../film.mp4")]
    [InlineData("/%zz")]
    public async Task Post_PathIsNone_Is400(string path)
    {
        var one = await nodes.GetAsync(Keyed, Now);

        using var answer = await one.Node.PostPurgeAsync(path, PurgeCluster.Key, Now);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Post_Tag_NewBytesUnderTheOldEntityTagAndNoTagReachesClients()
    {
        var one = await nodes.GetAsync(Keyed, Now);
        var film = one.Origin.Add(SharedNodes.FreshPath(), new OriginAnswer { Size = 2 * OneNode.MiB }.WithHeader("Cache-Tag", "all, film-1").WithHeader("Surrogate-Key", "x"));
        var other = one.Origin.Add(SharedNodes.FreshPath(), new OriginAnswer { Size = 2 * OneNode.MiB }.WithHeader("Cache-Tag", "all, film-2"));
        await one.VerifyAsync(film, Now);
        await one.VerifyAsync(other, Now);
        var requests = other.Requests.Count;

        film.Answer = film.Answer with { Seed = 2 };
        Assert.Equal(HttpStatusCode.OK, await one.Node.PurgeByQueryAsync("tag=FILM-1", Now));

        await one.VerifyAsync(film, Now);
        await one.VerifyAsync(other, Now);
        Assert.Equal(requests, other.Requests.Count);
        using var response = await one.Node.Client.GetAsync(film.Path, Now);
        Assert.False(response.Headers.Contains("Cache-Tag") || response.Headers.Contains("Surrogate-Key"));
    }

    [Fact]
    public async Task Get_TagsAreSent_ReachClients()
    {
        var one = await nodes.GetAsync(Keyless, Now, SendTags);
        var film = one.Origin.Add(SharedNodes.FreshPath(), new OriginAnswer { Size = 1000 }.WithHeader("Cache-Tag", "all, film-1"));

        using var response = await one.Node.Client.GetAsync(film.Path, Now);

        Assert.Equal(["all, film-1"], response.Headers.GetValues("Cache-Tag"));
    }

    [Theory]
    [InlineData("tag=film-*")]
    [InlineData("tag=a,b")]
    [InlineData("tag=a%20b")]
    [InlineData("tag=film-1&prefix=/")]
    public async Task Post_TagIsNone_Is400(string query)
    {
        var one = await nodes.GetAsync(Keyed, Now);

        Assert.Equal(HttpStatusCode.BadRequest, await one.Node.PurgeByQueryAsync(query, Now));
    }
}
