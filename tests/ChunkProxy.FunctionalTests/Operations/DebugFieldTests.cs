using System.Net;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.Operations;

/// <summary>The debug field: what it says to the holder of the admin key, and nothing to anyone else.</summary>
[Collection(SharedNodesCollection.Name)]
public sealed class DebugFieldTests(SharedNodes nodes)
{
    private const string Key = "sesame-sesame-sesame";
    private const string Field = "ChunkProxy-Debug";
    private const int Size = (3 * OneNode.MiB) + 5;

    private readonly string _path = SharedNodes.FreshPath();

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_WithTheKey_SaysKeyVersionChunksTiersAndAges()
    {
        var one = await PlainAsync();
        one.Origin.Add(_path + "?cut=2&token=x", Answer());
        one.Origin.Add(_path + "?cut=2", Answer());

        var first = await AskAsync(one.Node.Client, HttpMethod.Get, _path[1..] + "?cut=2&token=x", Key, range: (OneNode.MiB, (2 * OneNode.MiB) + 9));
        var second = await AskAsync(one.Node.Client, HttpMethod.Get, _path[1..] + "?cut=2&token=x", Key, range: (OneNode.MiB, (2 * OneNode.MiB) + 9));

        Assert.StartsWith($"node=\"this process\", key=\"{_path}?cut=2\", version=\"", first, StringComparison.Ordinal);
        Assert.Contains($"generation=0, size={Size}, age=", first, StringComparison.Ordinal);
        Assert.Contains("source=\"origin\"", first, StringComparison.Ordinal);
        Assert.Contains("source=\"memory\"", second, StringComparison.Ordinal);
        Assert.Contains("validator=\"\\\"v1\\\"", second, StringComparison.Ordinal);
        Assert.Contains("chunk-size=1048576, chunks-of-object=4, chunks=(1;tiers=\"memory\";owner=\"this process\" 2;tiers=\"", second, StringComparison.Ordinal);
        Assert.EndsWith("owner=\"this process\")", second, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_LongPathAndManyChunks_FieldIsBounded()
    {
        var one = await PlainAsync();
        var path = "/" + new string('a', 4000);
        one.Origin.Add(path, Answer() with { Size = 50L * OneNode.MiB }); // only its head is asked for

        var field = await AskAsync(one.Node.Client, HttpMethod.Head, path[1..], Key);

        Assert.InRange(field!.Length, 300, 3000);
        Assert.Equal(16, field.Split(";owner=").Length - 1);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("another-key-another-key")]
    public async Task Get_WithoutTheRightKey_SaysNothingAndChangesNothing(string? key)
    {
        var one = await PlainAsync();
        var film = one.Origin.Add(_path, Answer());

        Assert.Null(await AskAsync(one.Node.Client, HttpMethod.Get, _path[1..], key));
        await one.VerifyAsync(film, Now);
    }

    [Fact]
    public async Task Get_NotAskedFor_HasNoField()
    {
        var one = await PlainAsync();
        one.Origin.Add(_path, Answer());

        Assert.Null(await AskAsync(one.Node.Client, HttpMethod.Get, _path[1..], Key, asks: false));
    }

    [Fact]
    public async Task Get_AuthorizationIsForwarded_KeyIsNot()
    {
        var one = await nodes.GetAsync("-size-d 0 -adminkey " + Key, Now, ("Origin:RequestFields", "Authorization"));
        var film = one.Origin.Add(_path, Answer());

        Assert.NotNull(await AskAsync(one.Node.Client, HttpMethod.Get, _path[1..], Key));

        Assert.All(film.Requests, request => Assert.Null(request["Authorization"]));
        Assert.NotEmpty(film.Requests);
    }

    [Fact]
    public async Task Get_WithAnAdminAddress_IsAnsweredThereAndOnlyWithTheKey()
    {
        var one = await nodes.GetAsync("-size-c 1MiB -adminaddr 127.0.0.1:0 -adminkey " + Key, Now);
        one.Origin.Add(_path, Answer());
        using var admin = new HttpClient { BaseAddress = await one.Node.WhenAdminAddressAsync(Now) };

        Assert.Null(await AskAsync(one.Node.Client, HttpMethod.Get, _path[1..], Key));
        Assert.Contains($"key=\"{_path}\"", await AskAsync(admin, HttpMethod.Get, _path[1..], Key), StringComparison.Ordinal);
        using var without = await admin.GetAsync(_path[1..], Now);
        using var wrong = await SendAsync(admin, HttpMethod.Get, _path[1..], "another-key-another-key", range: null, asks: true);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (without.StatusCode, wrong.StatusCode));
    }

    private Task<OneNode> PlainAsync() => nodes.GetAsync("-size-c 1MiB -size-d 0 -key-ignore token -adminkey " + Key, Now);

    private static OriginAnswer Answer() => new OriginAnswer { Size = Size }.WithHeader("Cache-Control", "max-age=3600");

    private static async Task<string?> AskAsync(HttpClient client, HttpMethod method, string path, string? key, (long First, long Last)? range = null, bool asks = true)
    {
        using var response = await SendAsync(client, method, path, key, range, asks);
        Assert.True(response.IsSuccessStatusCode);
        Assert.Equal(response.Headers.Contains(Field), response.Headers.CacheControl is { NoStore: true, Private: true }); // nobody else may see it
        return response.Headers.TryGetValues(Field, out var values) ? Assert.Single(values) : null;
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path, string? key, (long First, long Last)? range, bool asks)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = key is null ? null : new("Bearer", key);
        request.Headers.Range = range is var (first, last) ? new(first, last) : null;
        if (asks)
        {
            request.Headers.Add(Field, "1");
        }

        return client.SendAsync(request, Now);
    }
}
