using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Redis;

namespace ChunkProxy.Benchmarks.Clusters;

/// <summary>Stops, suspends and restarts Redis under load, and prints the latency of reads in each second, as Markdown.</summary>
/// <remarks>The hot chunks do not fit into the front ends' memory, so near copies are evicted and most reads ask Redis first.</remarks>
internal static class RedisOutageCommand
{
    private const int Chunks = 64;
    private const int Readers = 8;
    private const int Range = 64 * 1024;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(TextWriter output)
    {
        await using var redis = await RedisServer.StartAsync(CancellationToken.None);
        await using var cluster = await LoadedCluster.StartAsync(
            3, 2, Chunks * (long)LoadedCluster.MiB, ["-redis", redis.Endpoint], [("SuperHot:Threshold", "2"), ("NearCopies:Threshold", "2")], frontEndMemory: "32MiB");
        await output.WriteLineAsync("| second | Redis | reads | failed | p50 ms | p99 ms | slowest ms | Redis hits |\n|---|---|---|---|---|---|---|---|");
        using var stop = new CancellationTokenSource();
        var samples = new ConcurrentQueue<double>(); // ms; negative: failed
        var readers = Enumerable.Range(0, Readers).Select(reader => Task.Run(() => ReadAsync(cluster, reader, samples, stop.Token))).ToList();

        var second = 0;
        async Task WatchAsync(string state, int seconds)
        {
            for (var i = 0; i < seconds; i++)
            {
                samples.Clear();
                var before = await HitsAsync(cluster);
                await Task.Delay(Second, TimeProvider.System);
                var taken = samples.ToArray();
                var hits = await HitsAsync(cluster) - before;
                var times = taken.Select(Math.Abs).Order().ToArray();
                await output.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {second++} | {state} | {taken.Length} | {taken.Count(time => time < 0)} | {At(times, 0.5):F1} | {At(times, 0.99):F1} | {At(times, 1):F1} | {hits} |"));
            }
        }

        await WatchAsync("warming up", 6);
        await WatchAsync("healthy", 4);
        await redis.StopAsync();
        await WatchAsync("stopped", 5);
        await redis.StartAgainAsync(CancellationToken.None);
        await WatchAsync("restarted", 8);
        redis.Pause();
        await WatchAsync("suspended", 5);
        redis.Resume();
        await WatchAsync("resumed", 6);
        await stop.CancelAsync();
        await Task.WhenAll(readers);
    }

    private static async Task ReadAsync(LoadedCluster cluster, int reader, ConcurrentQueue<double> samples, CancellationToken stop)
    {
        var random = new Random(reader);
        while (!stop.IsCancellationRequested)
        {
            var started = Stopwatch.GetTimestamp();
            var sign = 1;
            try
            {
                await cluster.ReadAsync(cluster.FrontEnds[reader % cluster.FrontEnds.Count], random.NextInt64(Chunks * (long)LoadedCluster.MiB / Range) * Range, Range);
            }
            catch (Exception error) when (error is HttpRequestException or IOException)
            {
                sign = -1;
            }

            samples.Enqueue(sign * Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
    }

    private static async Task<long> HitsAsync(LoadedCluster cluster)
    {
        long hits = 0;
        foreach (Node frontEnd in cluster.FrontEnds)
        {
            hits += await frontEnd.StatAsync("superHot.reads.byOutcome.hit", CancellationToken.None);
        }

        return hits;
    }

    private static double At(double[] ascending, double share) => ascending.Length == 0 ? double.NaN : ascending[(int)Math.Min(ascending.Length - 1, share * ascending.Length)];
}
