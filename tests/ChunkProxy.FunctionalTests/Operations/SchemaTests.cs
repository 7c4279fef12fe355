using System.Net;
using System.Text.Json.Nodes;
using ChunkProxy.FunctionalTests.Cluster;
using ChunkProxy.Testing.Etcd;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Redis;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.Operations;

/// <summary>JSON responses of running processes are as docs/schemas describes them.</summary>
public sealed class SchemaTests(EtcdServer etcd, SharedNodes nodes) : IClassFixture<EtcdServer>, IClassFixture<SharedNodes>
{
    private const string Key = "sesame-sesame-sesame";
    private const int Size = 20 * 64 * 1024;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Responses_OfAStandAloneNode_AreValid()
    {
        var one = await StandAloneAsync();
        var film = one.Origin.Add("/film.mp4", Size);
        AssertValid("stats.json", await one.Node.Client.GetStringAsync("_chunkproxy/stats", Now)); // before the first request: no other test asks this node for objects
        using var missing = await one.Node.GetAsync("missing.mp4", Now);

        await AssertAllValidAsync(one.Node, film);
    }

    [Fact]
    public async Task Responses_OfAClusterWithRedisAndAFailedMember_AreValid()
    {
        await using var redis = await RedisServer.StartAsync(Now);
        await using var cluster = new EtcdCluster(etcd) { Arguments = $"-size-c 64KiB -size-m 64MiB -adminkey {Key} -redis {redis.Endpoint}", Settings = [("Etcd:LeaseTtl", "00:01:00")] };
        var film = cluster.Origin.Add("/film.mp4", Size);
        await cluster.AddAsync(2, Now);
        var front = await cluster.AddFrontEndAsync(Now);
        var admin = new AdminClient(front, Key);
        using var drain = await admin.SendAsync(HttpMethod.Post, "drain?member=" + cluster.Members[1].Id, Now);
        Assert.True(drain.IsSuccessStatusCode);
        AssertValid("drain.json", await drain.Content.ReadAsStringAsync(Now));
        using var rejoin = await admin.SendAsync(HttpMethod.Delete, "drain?member=" + cluster.Members[1].Id, Now);
        Assert.Equal(HttpStatusCode.OK, rejoin.StatusCode);
        AssertValid("drain.json", await rejoin.Content.ReadAsStringAsync(Now));

        await front.VerifyAsync(film, Now);
        await cluster.Members[1].Node.KillAsync();
        await front.VerifyAsync(film, Now);
        foreach (var node in new[] { front, cluster.Members[0].Node })
        {
            await AssertAllValidAsync(node, film);
        }
    }

    // The check is one: it finds what a response has too much, too little, or of another type.
    [Theory]
    [InlineData("{}", "required")]
    [InlineData("""{"member":"a","state":"drained","told":true,"more":1}""", "more")]
    [InlineData("""{"member":"a","state":"gone","told":true}""", "enum")]
    [InlineData("""{"member":1,"state":"drained","told":true}""", "type")]
    public void FaultsOf_AWrongResponse_NamesThem(string response, string fault) =>
        Assert.Contains(PublishedSchema.Of("drain.json").FaultsOf(response), found => found.Contains(fault, StringComparison.Ordinal));

    [Fact]
    public async Task FaultsOf_StatsWithoutAField_AreFound()
    {
        var text = await (await StandAloneAsync()).Node.Client.GetStringAsync("_chunkproxy/stats", Now);
        var schema = PublishedSchema.Of("stats.json");

        foreach (var (name, _) in JsonNode.Parse(text)!.AsObject())
        {
            var changed = JsonNode.Parse(text)!.AsObject();
            changed.Remove(name);
            Assert.NotEmpty(schema.FaultsOf(changed.ToJsonString()));
        }
    }

    private Task<OneNode> StandAloneAsync() => nodes.GetAsync($"-size-d 0 -size-c 64KiB -size-m 64MiB -adminkey {Key}", Now);

    private static async Task AssertAllValidAsync(Node node, ScriptedObject film)
    {
        await node.VerifyAsync(film, Now);
        var admin = new AdminClient(node, Key);
        AssertValid("stats.json", await node.Client.GetStringAsync("_chunkproxy/stats", Now));
        AssertValid("stats.json", await node.Client.GetStringAsync("_chunkproxy/stats?cluster=true", Now));
        AssertValid("map.json", await node.Client.GetStringAsync("_chunkproxy/map?path=/film.mp4", Now));
        AssertValid("history.json", await node.Client.GetStringAsync("_chunkproxy/history", Now));
        AssertValid("warm-up.json", (await admin.WarmAsync("path=/film.mp4&range=bytes=0-99999", Now)).GetRawText());
        AssertValid("warm-up.json", (await admin.WarmAsync("path=/missing.mp4", Now)).GetRawText());
        AssertValid("warm.json", await node.Client.GetStringAsync("_chunkproxy/warm", Now));
        foreach (var query in new[] { "path=/film.mp4", "allqueries=/film.mp4", "prefix=/fi", "tag=film-1" })
        {
            using var purge = await admin.SendAsync(HttpMethod.Post, "purge?" + query, Now);
            Assert.True(purge.IsSuccessStatusCode);
            AssertValid("purge.json", await purge.Content.ReadAsStringAsync(Now));
        }

        using var reload = await admin.SendAsync(HttpMethod.Post, "reload", Now);
        Assert.True(reload.IsSuccessStatusCode);
        AssertValid("reload.json", await reload.Content.ReadAsStringAsync(Now));
    }

    private static void AssertValid(string schema, string response)
    {
        var faults = PublishedSchema.Of(schema).FaultsOf(response);
        Assert.True(faults.Count == 0, $"{schema}: {string.Join('\n', faults)}\n{response}");
    }
}
