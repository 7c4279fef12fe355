using System.Diagnostics;
using System.Globalization;
using ChunkProxy.Testing.Redis;

namespace ChunkProxy.Benchmarks.Clusters;

/// <summary>Sends a flash crowd for one film through front ends without chunks, and prints the load of the members, as Markdown.</summary>
internal static class FlashCrowdCommand
{
    private const int Members = 3;
    private const int FrontEnds = 3;
    private const int Clients = 64;
    private const int FilmChunks = 32;
    private const int RangesPerChunk = 4; // as players read

    private static readonly TimeSpan Arrivals = TimeSpan.FromSeconds(4); // the clients start within this time

    public static async Task RunAsync(TextWriter output)
    {
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{Clients} clients, {FrontEnds} front ends, {Members} members, one film of {FilmChunks} MiB ({Clients * FilmChunks} MiB to clients), ranges of {1024 / RangesPerChunk} KiB\n"));
        await output.WriteLineAsync("| | reads served by each member | of a chunk, for each front end | MiB served by each | CPU s of each | CPU s of all front ends | from the origin | took |");
        await output.WriteLineAsync("|---|---|---|---|---|---|---|---|");
        await RunAsync(output, "neither", [], ("NearCopies:Threshold", "0"));
        await RunAsync(output, "near copies", []);
        await using var redis = await RedisServer.StartAsync(CancellationToken.None);
        await RunAsync(output, "near copies and Redis", ["-redis", redis.Endpoint]);
        await RunAsync(output, "the same, Redis warm from the run before", ["-redis", redis.Endpoint]);
    }

    private static async Task RunAsync(TextWriter output, string name, IEnumerable<string> arguments, params (string Key, string Value)[] settings)
    {
        await using var cluster = await LoadedCluster.StartAsync(Members, FrontEnds, FilmChunks * (long)LoadedCluster.MiB, arguments, settings);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => WatchAsync(cluster, client)));
        var took = Stopwatch.GetElapsedTime(started);

        var loads = await cluster.LoadsAsync();
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {Join(loads, load => load.Reads)} | {loads.Sum(load => load.Reads) / (double)(FilmChunks * FrontEnds):F1} | {Join(loads, load => load.Bytes / LoadedCluster.MiB)} | {Join(loads, load => load.ProcessorSeconds)} | {cluster.FrontEnds.Sum(LoadedCluster.ProcessorSeconds):F1} | {cluster.OriginBytes / LoadedCluster.MiB} MiB | {took.TotalSeconds:F1} s |"));
    }

    private static async Task WatchAsync(LoadedCluster cluster, int client)
    {
        await Task.Delay(Arrivals * client / Clients, TimeProvider.System);
        const int Range = LoadedCluster.MiB / RangesPerChunk;
        for (var i = 0; i < FilmChunks * RangesPerChunk; i++)
        {
            await cluster.ReadAsync(cluster.FrontEnds[client % FrontEnds], (long)i * Range, Range);
        }
    }

    private static string Join<T>(IEnumerable<MemberLoad> loads, Func<MemberLoad, T> figure)
        where T : IFormattable => string.Join(", ", loads.Select(load => figure(load).ToString(typeof(T) == typeof(double) ? "F1" : null, CultureInfo.InvariantCulture)));
}
