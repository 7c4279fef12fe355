using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ChunkProxy.Testing.Etcd;
using ChunkProxy.Testing.Faults;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.Cluster;

/// <summary>Everything that can happen to a cluster happens to one, while four readers read on and compare every byte.</summary>
/// <remarks>
/// One pass over most faults; with <c>CHUNKPROXY_SOAK_SECONDS</c> as many as begin in that time, over all faults. Those on several members at once come last,
/// because each costs seconds.
/// </remarks>
public sealed class SoakTests(ITestOutputHelper output)
{
    // Reads of each reader between two changes: enough that it has met the last one.
    private const int Some = 12;

    // The product promises 3 s. The rest is for machines that do other work at the same time; the figures are printed.
    private static readonly TimeSpan SlowestAllowed = TimeSpan.FromSeconds(5);

    // A read during several faults passes through this many processes in sequence. Each may have to wait for the scheduler.
    private const int Turns = 4;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_FourReadersUnderEveryFault_NoReadFailsAndNoByteIsWrong()
    {
        await using var etcd = await EtcdServer.StartAsync(Now);
        // Less memory than the film's size. Otherwise every process would soon have all of it, and ask no other member.
        await using var cluster = new EtcdCluster(etcd) { Arguments = "-size-c 256KiB -size-m 16MiB -size-d 64MiB" };
        var film = cluster.Origin.Add("/film.mp4", 48 * OneNode.MiB);
        film.Script = FirstOfEachRange(film, HttpStatusCode.ServiceUnavailable); // while nothing is cached
        await cluster.AddAsync(3, Now, isBehindProxy: true);
        var front = await cluster.AddFrontEndAsync(Now);
        var first = cluster.Members[0].Node; // answers clients too, so nothing is done to it but cutting it off from its peers
        await using var load = ReadLoad.Start([front, front, first, first], film);
        await using var idle = IdleQuestions.Start(front, first);
        var seconds = int.Parse(Environment.GetEnvironmentVariable("CHUNKPROXY_SOAK_SECONDS") ?? "0", CultureInfo.InvariantCulture);
        var started = Stopwatch.GetTimestamp();

        await load.WhenEachReadAsync(Some, Now); // just-in-time compilation, of five processes at once
        Assert.Contains(film.Requests, static request => request.Status == (int)HttpStatusCode.ServiceUnavailable);
        film.Script = _ => film.Answer;
        load.Begin("nothing wrong");
        await load.WhenEachReadAsync(Some, Now);
        do
        {
            await MembersAsync(cluster, load);
            await NetworkAsync(cluster, load);
            await CoordinationAsync(etcd, load);
            if (seconds > 0)
            {
                await SeveralMembersAsync(cluster, load);
                await SlowMemberAsync(cluster, load);
                await NewMembersAsync(cluster, load);
            }
        }
        while (Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(seconds));

        await load.StopAsync();
        var turn = await idle.StopAsync();

        var slowest = load.Phases.Skip(1).Max(phase => phase.Slowest);
        output.WriteLine($"{load.Phases.Sum(phase => phase.Reads)} reads in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s, {load.Failures.Count} failed, slowest of the warm {slowest.TotalMilliseconds:0} ms; slowest answer that needs nobody {turn.TotalMilliseconds:0} ms");
        output.WriteLine(string.Join('\n', load.Phases));
        Assert.Empty(load.Failures);
        Assert.True(slowest < SlowestAllowed + (Turns * turn), $"the slowest read took {slowest}, an answer that needs nobody {turn}");
    }

    private static async Task MembersAsync(EtcdCluster cluster, ReadLoad load)
    {
        var (second, third) = (cluster.Members[1], cluster.Members[2]);

        load.Begin("a member is killed (kill -9)");
        await second.Node.KillAsync();
        await load.WhenEachReadAsync(Some, Now);
        load.Begin("another hangs (SIGSTOP)");
        third.Node.Pause();
        await load.WhenEachReadAsync(Some, Now);
        load.Begin("it wakes (SIGCONT)");
        third.Node.Resume();
        await load.WhenEachReadAsync(Some, Now);
        load.Begin("the killed one starts again");
        await second.StartAsync(Now);
        await load.WhenEachReadAsync(Some, Now);
        load.Begin("a member stops (SIGTERM)");
        Assert.Equal(0, await third.Node.StopAsync(Now));
        await load.WhenEachReadAsync(Some, Now);
        load.Begin("it joins again");
        await third.StartAsync(Now);
        await load.WhenEachReadAsync(Some, Now);
    }

    private static async Task NetworkAsync(EtcdCluster cluster, ReadLoad load)
    {
        var proxies = cluster.Members.Select(member => member.Proxy!).ToArray();

        load.Begin("a member is cut off, silently");
        proxies[1].Mode = FaultMode.Stall;
        await load.WhenEachReadAsync(Some, Now);
        load.Begin("it is back");
        proxies[1].Mode = FaultMode.Pass;
        await load.WhenEachReadAsync(Some, Now);
        load.Begin("all are cut off from each other, silently");
        SetAll(proxies, FaultMode.Stall);
        await load.WhenEachReadAsync(Some, Now);
        load.Begin("all are back");
        SetAll(proxies, FaultMode.Pass);
        await load.WhenEachReadAsync(Some, Now);
        load.Begin("connections are reset, all of them");
        SetAll(proxies, FaultMode.Reset);
        await load.WhenEachReadAsync(Some, Now);
        SetAll(proxies, FaultMode.Pass);
        load.Begin("connections are reset in the middle of chunks");
        for (var i = 0; i < 9; i++)
        {
            proxies[i % 3].CutAfter((i * 25_000) + 12_500);
            await load.WhenEachReadAsync(Some / 4, Now);
        }
    }

    private static async Task CoordinationAsync(EtcdServer etcd, ReadLoad load)
    {
        load.Begin("etcd is compacted");
        await etcd.CompactAsync(Now);
        await load.WhenEachReadAsync(Some, Now);
        load.Begin("etcd is stopped");
        await etcd.StopAsync();
        await load.WhenEachReadAsync(Some, Now);
        load.Begin("etcd starts again");
        await etcd.StartAgainAsync(Now);
        await load.WhenEachReadAsync(Some, Now);
        load.Begin("etcd is wiped");
        await etcd.WipeAsync(Now);
        await load.WhenEachReadAsync(Some, Now);
    }

    private static async Task SeveralMembersAsync(EtcdCluster cluster, ReadLoad load)
    {
        load.Begin("two members are killed at once");
        var killed = cluster.Members.Skip(1).ToList();
        await Task.WhenAll(killed.Select(member => member.Node.KillAsync()));
        await load.WhenEachReadAsync(Some, Now);
        load.Begin("both start again");
        await Task.WhenAll(killed.Select(member => member.StartAsync(Now)));
        await load.WhenEachReadAsync(Some, Now);
        load.Begin("two members hang at once");
        killed.ForEach(member => member.Node.Pause());
        await load.WhenEachReadAsync(Some, Now);
        load.Begin("both wake");
        killed.ForEach(member => member.Node.Resume());
        await load.WhenEachReadAsync(Some, Now);
    }

    private static async Task SlowMemberAsync(EtcdCluster cluster, ReadLoad load)
    {
        var network = cluster.Members[1].Proxy!;
        load.Begin("a member is slow (1 Mbit/s)");
        network.Mode = FaultMode.Trickle;
        await load.WhenEachReadAsync(Some, Now);
        load.Begin("it is fast again");
        network.Mode = FaultMode.Pass;
        await load.WhenEachReadAsync(Some, Now);
    }

    private static async Task NewMembersAsync(EtcdCluster cluster, ReadLoad load)
    {
        load.Begin("a member with another URL joins");
        await using var other = new ClusterMember(["-url", $"{cluster.Origin.BaseAddress}other/", .. cluster.AllArguments.Skip(2)], cluster.Settings, isBehindProxy: false);
        await other.StartAsync(Now);
        await load.WhenEachReadAsync(Some, Now);
        load.Begin("it stops");
        await other.Node.StopAsync(Now);
        await load.WhenEachReadAsync(Some, Now);

        load.Begin("a member joins that may open fewer files than it has clients");
        await using var poor = new ClusterMember(cluster.AllArguments, cluster.Settings, isBehindProxy: false) { OpenFiles = 512 };
        await poor.StartAsync(Now);
        var clients = Enumerable.Range(0, 600).Select(static _ => new TcpClient()).ToList();
        await Task.WhenAll(clients.Select(client => client.ConnectAsync(poor.Node.Address.Host, poor.Node.Address.Port, Now).AsTask()));
        await load.WhenEachReadAsync(Some, Now);
        load.Begin("it stops");
        Assert.Equal(0, await poor.Node.StopAsync(Now)); // it did not abort
        clients.ForEach(static client => client.Dispose());
        await load.WhenEachReadAsync(Some, Now);
    }

    // Every second range fails once: no read meets more failures than it has attempts, and the origin does not seem to fail altogether.
    private static Func<OriginRequest, OriginAnswer> FirstOfEachRange(ScriptedObject film, HttpStatusCode failure)
    {
        var seen = new ConcurrentDictionary<string, bool>();
        return request => seen.TryAdd(request.Range ?? "", true) && seen.Count % 2 == 0 ? film.Answer with { Status = failure } : film.Answer;
    }

    private static void SetAll(IEnumerable<FaultProxy> proxies, FaultMode mode)
    {
        foreach (var proxy in proxies)
        {
            proxy.Mode = mode;
        }
    }
}
