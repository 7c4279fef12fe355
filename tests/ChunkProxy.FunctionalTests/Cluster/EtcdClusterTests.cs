using System.Globalization;
using ChunkProxy.Testing.Etcd;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.Cluster;

/// <summary>A dynamic cluster (<c>-coord</c>): members that join and disagree.</summary>
public sealed class EtcdClusterTests(EtcdServer etcd) : IClassFixture<EtcdServer>
{
    private const string Chunks = "-size-c 256KiB";
    private const int Size = (6 * OneNode.MiB) + 4321; // 25 chunks: each member owns some

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_ThroughAFrontEndOverCacheServices_CostsTheOriginTheObjectOnce()
    {
        using var folder = new TemporaryFolder();
        await using var cluster = new EtcdCluster(etcd) { Arguments = Chunks, Settings = EtcdCluster.NobodyHangs };
        var film = cluster.Origin.Add("/film.mp4", Size);
        var ids = new[] { FreePort.Next(), FreePort.Next() }.Select(port => $"127.0.0.1:{port}").ToArray();
        var services = await Task.WhenAll(ids.Select(id => CacheService.StartAsync(
            [("Url", cluster.Origin.BaseAddress.ToString()), ("Coord", etcd.Url), ("Cluster", cluster.Prefix), ("PoolAddr", id), ("ChunkSize", "256KiB"), ("Dir", folder.Combine(id)), .. EtcdCluster.NobodyHangs], Now)));
        await using var first = services[0];
        await using var second = services[1];
        var front = await cluster.AddFrontEndAsync(Now);
        foreach (var id in ids)
        {
            await front.WhenLineAsync(line => line.Contains($"{id} joined", StringComparison.Ordinal), $"{id} joined", Now);
        }

        await Task.WhenAll(front.VerifyAsync(film, Now), front.VerifyAsync(film, Now));
        await film.WhenIdleAsync(Now);

        Assert.InRange(film.BodyBytesSent, Size, Size * 1.05);
        Assert.Equal(0, await front.StatAsync("reads.bySource.origin", Now));
        Assert.True(await front.ReadsFromPeersAsync(Now) > 0);
        var exits = await Task.WhenAll(first.StopAsync(Now), second.StopAsync(Now));
        Assert.All(exits, code => Assert.Equal(0, code));
    }

    [Fact]
    public async Task Read_TwoMembersThatEachTakeTheOtherForTheOwner_EndsWithTheBytes()
    {
        var settings = EtcdCluster.NobodyHangs.Append(("OriginName", "films")).ToArray(); // one origin for both, though its URLs differ
        await using var one = new EtcdCluster(etcd) { Arguments = Chunks, Settings = settings };
        await using var two = new EtcdCluster(etcd) { Arguments = Chunks, Settings = settings };
        await one.AddAsync(1, Now);
        await two.AddAsync(1, Now);
        var members = new[] { one.Members[0], two.Members[0] };

        // In each one's cluster the other outweighs it a thousand million times.
        await etcd.PutAsync(one.MembersPrefix + members[1].Id, Registration(members[1].Id, weight: 1e9), Now);
        await etcd.PutAsync(two.MembersPrefix + members[0].Id, Registration(members[0].Id, weight: 1e9), Now);
        await members[0].Node.WhenLineAsync(line => line.Contains($"{members[1].Id} joined", StringComparison.Ordinal), "the other joined", Now);
        await members[1].Node.WhenLineAsync(line => line.Contains($"{members[0].Id} joined", StringComparison.Ordinal), "the other joined", Now);
        var here = one.Origin.Add("/film.mp4", Size);
        var there = two.Origin.Add("/film.mp4", Size);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => members[i % 2].Node.VerifyAsync(i % 2 == 0 ? here : there, Now)));

        Assert.All(members, member => Assert.DoesNotContain("bypassing it until it recovers", member.Node.Output, StringComparison.Ordinal));
        Assert.True(await members[0].Node.ReadsFromPeersAsync(Now) > 0);
        Assert.True(await members[1].Node.ReadsFromPeersAsync(Now) > 0);
    }

    [Fact]
    public async Task Start_WhileEtcdIsAway_ServesAloneAndJoinsWhenItCan()
    {
        await using var own = await EtcdServer.StartAsync(Now);
        await own.StopAsync();
        await using var cluster = new EtcdCluster(own) { Settings = EtcdCluster.NobodyHangs };
        var film = cluster.Origin.Add("/film.mp4", Size);
        await using var alone = new ClusterMember(cluster.AllArguments, [], isBehindProxy: false);
        await alone.StartAsync(Now);

        await alone.Node.VerifyAsync(film, Now);
        await own.StartAgainAsync(Now);

        await alone.Node.WhenLineAsync(line => line.Contains($"Registered in etcd as {alone.Id} ", StringComparison.Ordinal), "it joined", Now);
        Assert.Contains(cluster.MembersPrefix + alone.Id, await own.KeysAsync(cluster.MembersPrefix, Now));
    }

    /// <summary>The registration that a member would write.</summary>
    internal static string Registration(string id, double weight) => string.Create(
        CultureInfo.InvariantCulture, $$"""{"address":"{{id}}","weight":{{weight:R}},"role":"Node","instance":"{{Guid.NewGuid()}}","leaving":false}""");
}
