using System.Net;
using System.Text.Json;
using ChunkProxy.FunctionalTests.Cluster;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.FunctionalTests.Operations;

/// <summary>An operator's actions on a cluster of three: access, warming, draining.</summary>
[Collection(SharedClusterCollection.Name)]
public sealed class OperatorTests(SharedCluster shared)
{
    private const string Key = SharedCluster.Key;
    private const int Chunk = 64 * 1024;
    private const int Chunks = 200;
    private const int Size = Chunks * Chunk;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    private EtcdCluster Cluster => shared.Cluster;

    [Fact]
    public async Task Actions_WithoutOrWithAnotherKey_DoNothingAtAnyMember()
    {
        var film = Cluster.Origin.Add(SharedNodes.FreshPath(), Size);

        foreach (var member in Cluster.Members)
        {
            var stranger = new AdminClient(member.Node, Key + "x");
            foreach (var (method, path) in new[] { (HttpMethod.Post, "warm?path=" + film.Path), (HttpMethod.Post, "drain?member=" + member.Id), (HttpMethod.Delete, "drain?member=" + member.Id) })
            {
                using var wrong = await stranger.SendAsync(method, path, Now);
                using var none = await member.Node.Client.SendAsync(new HttpRequestMessage(method, "_chunkproxy/" + path), Now);
                Assert.Equal((path, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (path, wrong.StatusCode, none.StatusCode));
            }
        }

        Assert.Empty(film.Requests);
        Assert.All((await new AdminClient(Cluster.Members[0].Node, Key).StatesAsync(Now)).Values, state => Assert.Equal("answers", state));
    }

    [Fact]
    public async Task Warm_ThroughAFrontEnd_FillsTheOwnersAndNobodyElse()
    {
        var film = Cluster.Origin.Add(SharedNodes.FreshPath(), Size);
        var front = shared.FrontEnd;
        await front.WhenFilledAsync(Now); // near copies of other tests' films
        var copies = await front.StatAsync("memory.chunks", Now);

        var done = await new AdminClient(front, Key).WarmAsync("path=" + film.Path, Now);

        Assert.Equal(("done", Chunks, Size), (done.GetProperty("state").GetString(), done.GetProperty("chunksDone").GetInt32(), done.GetProperty("bytesDone").GetInt32()));
        Assert.Equal(copies, await front.StatAsync("memory.chunks", Now));
        var held = await InMemoryAsync(front, film.Path);
        Assert.Equal(Cluster.Members.Select(member => member.Id).Order(), held.Keys.Order());
        Assert.Equal(Chunks, held.Values.Sum());
        Assert.All(held.Values, count => Assert.InRange(count, Chunks / 6, Chunks / 2)); // a third is fair; 7 standard deviations either way
        await film.WhenIdleAsync(Now);
        Assert.InRange(film.BodyBytesSent, Size, Size + 1); // and the byte by which the object was found

        var before = film.BodyBytesSent;
        var again = await new AdminClient(Cluster.Members[0].Node, Key).WarmAsync("path=" + film.Path, Now);
        await front.VerifyAsync(film, Now);
        Assert.Equal(Chunks, again.GetProperty("chunksDone").GetInt32());
        Assert.Equal(before, film.BodyBytesSent);
    }

    [Fact]
    public async Task Warm_MemberKilledMeanwhile_EndsWithEveryChunkAtThoseThatLive()
    {
        var film = Cluster.Origin.Add(SharedNodes.FreshPath(), Size);
        var asked = Cluster.Members[0].Node;
        await using var killed = await shared.AddAsync(Now);
        var half = new Gate();
        film.Script = _ => film.Requests.Count > Chunks / 2 ? film.Answer with { HoldAnswer = half } : film.Answer;

        using var begun = await new AdminClient(asked, Key).SendAsync(HttpMethod.Post, "warm?path=" + film.Path, Now);
        await half.WhenReachedAsync(Now);
        await killed.Node.KillAsync();
        film.Script = _ => film.Answer;
        half.Open();
        var done = await new AdminClient(asked, Key).EndOfAsync(begun, Now);

        Assert.Equal(("done", Chunks), (done.GetProperty("state").GetString(), done.GetProperty("chunksDone").GetInt32()));
        await film.WhenIdleAsync(Now);
        var before = film.BodyBytesSent;
        await asked.VerifyAsync(film, Now);
        Assert.Equal(before, film.BodyBytesSent);
    }

    [Fact]
    public async Task Drain_OfAMemberAndBack_CostsTheOriginNothingAndIsSeenByAll()
    {
        var film = Cluster.Origin.Add(SharedNodes.FreshPath(), Size);
        var front = shared.FrontEnd;
        await front.VerifyAsync(film, Now);
        await film.WhenIdleAsync(Now);
        var before = film.BodyBytesSent;
        var drained = Cluster.Members[1];
        var others = new[] { front, Cluster.Members[0].Node, Cluster.Members[2].Node };

        using var answer = await new AdminClient(front, Key).SendAsync(HttpMethod.Post, "drain?member=" + drained.Id, Now);
        await Task.WhenAll(others.Select(node => node.WhenLineAsync(line => line.Contains($"{drained.Id} left", StringComparison.Ordinal), "the member left", Now)));
        await drained.Node.WhenLineAsync(line => line.Contains("Offered ", StringComparison.Ordinal), "the member handed its chunks on", Now);

        Assert.True(answer.IsSuccessStatusCode);
        foreach (var node in Cluster.Members.Select(member => member.Node).Append(front))
        {
            await node.VerifyAsync(film, Now);
            await new AdminClient(node, Key).WhenStateAsync(drained.Id, Now, "drained");
        }

        Assert.Equal(before, film.BodyBytesSent);
        using var map = JsonDocument.Parse(await front.Client.GetStringAsync("_chunkproxy/map?path=" + film.Path, Now));
        var mapped = map.RootElement.GetProperty("members").EnumerateArray().Single(member => member.GetProperty("isDrained").GetBoolean());
        Assert.Equal(drained.Id, mapped.GetProperty("member").GetString());
        Assert.NotEqual(0, mapped.GetProperty("runs").GetArrayLength()); // it still has its chunks

        using var back = await new AdminClient(Cluster.Members[0].Node, Key).SendAsync(HttpMethod.Delete, "drain?member=" + drained.Id, Now);
        await WhenJoinedAgainAsync(others, drained.Id);
        await front.VerifyAsync(film, Now);

        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
        await new AdminClient(front, Key).WhenStateAsync(drained.Id, Now, "answers");
        Assert.Equal(before, film.BodyBytesSent);
    }

    [Fact]
    public async Task Drain_StrangerOrLastMember_IsRefusedWithASentence()
    {
        await using var cluster = shared.NewCluster();
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
        await using var alone = await Node.StartAsync(["-url", Cluster.Origin.BaseAddress.ToString(), "-size-d", "0", "-adminkey", Key], Now);

        using var answer = await new AdminClient(alone, Key).SendAsync(HttpMethod.Post, "drain?member=127.0.0.1:7070", Now);

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("static", await answer.Content.ReadAsStringAsync(Now), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Totals_ReadRightAfterTheStart_CountWhatMembersFetchedForIt()
    {
        var films = Enumerable.Range(0, 2).Select(_ => Cluster.Origin.Add(SharedNodes.FreshPath(), Size)).ToArray();
        await Cluster.Members[0].Node.VerifyAsync(films[0], Now);
        var front = await Cluster.AddFrontEndAsync(Now);

        await front.VerifyAsync(films[1], Now); // cold, long before the history's next look
        using var stats = JsonDocument.Parse(await front.Client.GetStringAsync("_chunkproxy/stats?cluster=true", Now));

        var totals = stats.RootElement.GetProperty("cluster").GetProperty("totals");
        Assert.Equal(Size, totals.GetProperty("clientBytes").GetInt64());
        Assert.InRange(totals.GetProperty("originBytes").GetInt64(), Size / 2, Size); // the look at the start is not waited for: the first chunks may be faster
    }

    // How many chunks of an object each process has.
    private static async Task<Dictionary<string, int>> InMemoryAsync(Node node, string path)
    {
        using var map = JsonDocument.Parse(await node.Client.GetStringAsync("_chunkproxy/map?path=" + path, Now));
        return map.RootElement.GetProperty("members").EnumerateArray()
            .Select(member => (
                Id: member.GetProperty("member").GetString()!,
                Count: member.GetProperty("runs").EnumerateArray().Where(run => run.GetProperty("memory").GetString() == "whole").Sum(run => run.GetProperty("count").GetInt32())))
            .Where(it => it.Count > 0)
            .ToDictionary(it => it.Id, it => it.Count);
    }

    private static async Task WhenJoinedAgainAsync(IEnumerable<Node> nodes, string id)
    {
        // Twice, because each member saw it join when the cluster was created.
        foreach (var node in nodes)
        {
            await node.WhenLineAsync(_ => node.Output.Split($"{id} joined").Length > 2, $"{id} joined again", Now);
        }
    }
}
