using System.Globalization;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.Benchmarks.Clusters;

/// <summary>Measures hot 64 KiB ranges with wrk, alternately with and without counting popularity: requests and CPU time, as Markdown.</summary>
internal static class PopularityCostCommand
{
    private const int Rounds = 5;
    private const int Seconds = 3;
    private const int FilmChunks = 32;

    public static async Task RunAsync(TextWriter output)
    {
        await using var counting = await StartAsync();
        await using var silent = await StartAsync(("NearCopies:Threshold", "0"));
        await output.WriteLineAsync("| round | counted: requests a second | CPU us a request | not counted: requests a second | CPU us a request |\n|---|---|---|---|---|");
        for (var round = 0; round <= Rounds; round++)
        {
            var (with, without) = (await MeasureAsync(counting, round), await MeasureAsync(silent, round));
            if (round > 0) // the first round warms up
            {
                await output.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {round} | {with.RequestsASecond:F0} | {with.Microseconds:F1} | {without.RequestsASecond:F0} | {without.Microseconds:F1} |"));
            }
        }
    }

    private static async Task<LoadedCluster> StartAsync(params (string Key, string Value)[] settings)
    {
        var cluster = await LoadedCluster.StartAsync(1, 0, FilmChunks * (long)LoadedCluster.MiB, [], settings);
        await cluster.ReadAsync(cluster.Members.Single(), 0, FilmChunks * (long)LoadedCluster.MiB);
        return cluster;
    }

    private static async Task<(double RequestsASecond, double Microseconds)> MeasureAsync(LoadedCluster cluster, int round)
    {
        var node = cluster.Members.Single();
        var before = LoadedCluster.ProcessorSeconds(node);
        var script = Path.Combine(ProductBuild.Root, "benchmarks", "compare", "ranges.lua");
        await using var wrk = await ChildProcess.RunAsync(
            "wrk",
            [
                "-t", "2", "-c", "16", "-d", $"{Seconds}s", "--timeout", "10s", "--latency", "-s", script, node.Address.ToString(),
                "--", round.ToString(CultureInfo.InvariantCulture), "range", "65536", (FilmChunks * LoadedCluster.MiB).ToString(CultureInfo.InvariantCulture), "1", "1",
            ],
            CancellationToken.None);
        var figures = wrk.Lines.Single(line => line.StartsWith("figures ", StringComparison.Ordinal)).Split(' ');
        var requests = double.Parse(figures[3], CultureInfo.InvariantCulture);
        return (requests / Seconds, (LoadedCluster.ProcessorSeconds(node) - before) * 1e6 / requests);
    }
}
