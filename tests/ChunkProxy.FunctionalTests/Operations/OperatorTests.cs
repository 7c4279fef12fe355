using System.Net;
using System.Text.Json;
using ChunkProxy.FunctionalTests.Cluster;
using ChunkProxy.Testing.Etcd;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.FunctionalTests.Operations;

/// <summary>An operator's actions on a cluster of three: access, warming, draining.</summary>
public sealed class OperatorTests(EtcdServer etcd) : IClassFixture<EtcdServer>
{
    private const string Key = "sesame-sesame-sesame";
    private const int Chunk = 64 * 1024;
    private const int Chunks = 200;
    private const int Size = Chunks * Chunk;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Actions_WithoutOrWithAnotherKey_DoNothingAtAnyMember()
    {
        await using var cluster = NewCluster();
        cluster.Origin.Add("/film.mp4", Size);
        await cluster.AddAsync(3, Now);

        foreach (var member in cluster.Members)
        {
            var stranger = new AdminClient(member.Node, Key + "x");
            foreach (var (method, path) in new[] { (HttpMethod.Post, "warm?path=/film.mp4"), (HttpMethod.Post, "drain?member=" + member.Id), (HttpMethod.Delete, "drain?member=" + member.Id) })
            {
                using var wrong = await stranger.SendAsync(method, path, Now);
                using var none = await member.Node.Client.SendAsync(new HttpRequestMessage(method, "_chunkproxy/" + path), Now);
                Assert.Equal((path, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (path, wrong.StatusCode, none.StatusCode));
            }
        }

        Assert.Empty(cluster.Origin.Requests);
        Assert.All((await new AdminClient(cluster.Members[0].Node, Key).StatesAsync(Now)).Values, state => Assert.Equal("answers", state));
    }

    [Fact]
    public async Task Warm_ThroughAFrontEnd_FillsTheOwnersAndNobodyElse()
    {
        await using var cluster = NewCluster();
        var film = cluster.Origin.Add("/film.mp4", Size);
        await cluster.AddAsync(3, Now);
        var front = await cluster.AddFrontEndAsync(Now);

        var done = await new AdminClient(front, Key).WarmAsync("path=/film.mp4", Now);

        Assert.Equal(("done", Chunks, Size), (done.GetProperty("state").GetString(), done.GetProperty("chunksDone").GetInt32(), done.GetProperty("bytesDone").GetInt32()));
        Assert.Equal(0, await front.StatAsync("memory.chunks", Now));
        var held = await Task.WhenAll(cluster.Members.Select(member => member.Node.StatAsync("memory.chunks", Now)));
        Assert.Equal(Chunks, held.Sum());
        Assert.All(held, count => Assert.InRange(count, Chunks / 6, Chunks / 2)); // a third is fair; 7 standard deviations either way
        await film.WhenIdleAsync(Now);
        Assert.InRange(film.BodyBytesSent, Size, Size + 1); // and the byte by which the object was found

        var before = film.BodyBytesSent;
        var again = await new AdminClient(cluster.Members[0].Node, Key).WarmAsync("path=/film.mp4", Now);
        await front.VerifyAsync(film, Now);
        Assert.Equal(Chunks, again.GetProperty("chunksDone").GetInt32());
        Assert.Equal(before, film.BodyBytesSent);
    }

    [Fact]
    public async Task Warm_MemberKilledMeanwhile_EndsWithEveryChunkAtThoseThatLive()
    {
        await using var cluster = NewCluster();
        var film = cluster.Origin.Add("/film.mp4", Size);
        await cluster.AddAsync(3, Now);
        var front = await cluster.AddFrontEndAsync(Now);
        var half = new Gate();
        film.Script = _ => film.Requests.Count > Chunks / 2 ? film.Answer with { HoldAnswer = half } : film.Answer;

        using var begun = await new AdminClient(front, Key).SendAsync(HttpMethod.Post, "warm?path=/film.mp4", Now);
        await half.WhenReachedAsync(Now);
        await cluster.Members[2].Node.KillAsync();
        film.Script = _ => film.Answer;
        half.Open();
        var done = await new AdminClient(front, Key).EndOfAsync(begun, Now);

        Assert.Equal(("done", Chunks), (done.GetProperty("state").GetString(), done.GetProperty("chunksDone").GetInt32()));
        await film.WhenIdleAsync(Now);
        var before = film.BodyBytesSent;
        await front.VerifyAsync(film, Now);
        Assert.Equal(before, film.BodyBytesSent);
    }

    [Fact]
    public async Task Drain_OfAMemberAndBack_CostsTheOriginNothingAndIsSeenByAll()
    {
        await using var cluster = NewCluster();
        var film = cluster.Origin.Add("/film.mp4", Size);
        await cluster.AddAsync(3, Now);
        var front = await cluster.AddFrontEndAsync(Now);
        await front.VerifyAsync(film, Now);
        await film.WhenIdleAsync(Now);
        var before = film.BodyBytesSent;
        var drained = cluster.Members[1];
        var others = new[] { front, cluster.Members[0].Node, cluster.Members[2].Node };

        using var answer = await new AdminClient(front, Key).SendAsync(HttpMethod.Post, "drain?member=" + drained.Id, Now);
        await Task.WhenAll(others.Select(node => node.WhenLineAsync(line => line.Contains($"{drained.Id} left", StringComparison.Ordinal), "the member left", Now)));
        await drained.Node.WhenLineAsync(line => line.Contains("Offered ", StringComparison.Ordinal), "the member handed its chunks on", Now);

        Assert.True(answer.IsSuccessStatusCode);
        foreach (var node in cluster.Members.Select(member => member.Node).Append(front))
        {
            await node.VerifyAsync(film, Now);
            await new AdminClient(node, Key).WhenStateAsync(drained.Id, "drained", Now);
        }

        Assert.Equal(before, film.BodyBytesSent);
        using var map = JsonDocument.Parse(await front.Client.GetStringAsync("_chunkproxy/map?path=/film.mp4", Now));
        var mapped = map.RootElement.GetProperty("members").EnumerateArray().Single(member => member.GetProperty("isDrained").GetBoolean());
        Assert.Equal(drained.Id, mapped.GetProperty("member").GetString());
        Assert.NotEqual(0, mapped.GetProperty("runs").GetArrayLength()); // it still has its chunks

        using var back = await new AdminClient(cluster.Members[0].Node, Key).SendAsync(HttpMethod.Delete, "drain?member=" + drained.Id, Now);
        await WhenJoinedAgainAsync(others, drained.Id);
        await front.VerifyAsync(film, Now);

        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
        await new AdminClient(front, Key).WhenStateAsync(drained.Id, "answers", Now);
        Assert.Equal(before, film.BodyBytesSent);
    }

    [Fact]
    public async Task Drain_StrangerOrLastMember_IsRefusedWithASentence()
    {
        await using var cluster = NewCluster();
        await cluster.AddAsync(1, Now);
        var admin = new AdminClient(cluster.Members[0].Node, Key);

        using var last = await admin.SendAsync(HttpMethod.Post, "drain?member=" + cluster.Members[0].Id, Now);
        using var stranger = await admin.SendAsync(HttpMethod.Post, "drain?member=10.0.0.1:7070", Now);

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.NotFound), (last.StatusCode, stranger.StatusCode));
        Assert.Contains("last member", await last.Content.ReadAsStringAsync(Now), StringComparison.Ordinal);
        Assert.Contains(cluster.Members[0].Id, await stranger.Content.ReadAsStringAsync(Now), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drain_FixedMembership_IsRefusedWithASentence()
    {
        await using var cluster = NewCluster();
        await using var alone = await Node.StartAsync(["-url", cluster.Origin.BaseAddress.ToString(), "-size-d", "0", "-adminkey", Key], Now);

        using var answer = await new AdminClient(alone, Key).SendAsync(HttpMethod.Post, "drain?member=127.0.0.1:7070", Now);

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("static", await answer.Content.ReadAsStringAsync(Now), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Totals_ReadRightAfterTheStart_CountWhatMembersFetchedForIt()
    {
        await using var cluster = NewCluster();
        var films = Enumerable.Range(0, 2).Select(i => cluster.Origin.Add($"/film{i}.mp4", Size)).ToArray();
        await cluster.AddAsync(3, Now);
        await cluster.Members[0].Node.VerifyAsync(films[0], Now);
        var front = await cluster.AddFrontEndAsync(Now);

        await front.VerifyAsync(films[1], Now); // cold, long before the history's next look
        using var stats = JsonDocument.Parse(await front.Client.GetStringAsync("_chunkproxy/stats?cluster=true", Now));

        var totals = stats.RootElement.GetProperty("cluster").GetProperty("totals");
        Assert.Equal(Size, totals.GetProperty("clientBytes").GetInt64());
        Assert.InRange(totals.GetProperty("originBytes").GetInt64(), Size / 2, Size); // the look at the start is not waited for: the first chunks may be faster
    }

    private static async Task WhenJoinedAgainAsync(IEnumerable<Node> nodes, string id)
    {
        // Twice, because each member saw it join when the cluster was created.
        foreach (var node in nodes)
        {
            await node.WhenLineAsync(_ => node.Output.Split($"{id} joined").Length > 2, $"{id} joined again", Now);
        }
    }

    private EtcdCluster NewCluster() => new(etcd) { Arguments = $"-size-c 64KiB -size-m 64MiB -adminkey {Key}", Settings = EtcdCluster.NobodyHangs };
}
