using System.Globalization;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.Benchmarks.Clusters;

/// <summary>Measures ranges through a peer hop with wrk, alternately with and without a pool key: requests and CPU time, as Markdown.</summary>
internal static class PoolKeyCostCommand
{
    private const int Rounds = 5;
    private const int Seconds = 3;
    private const int FilmChunks = 32;
    private const double GiB = 1024.0 * 1024 * 1024;

    private static readonly int[] Ranges = [64 * 1024, LoadedCluster.MiB];

    public static async Task RunAsync(TextWriter output)
    {
        await using var open = await StartAsync();
        await using var proved = await StartAsync(("PoolKey", "a key for measurements"));
        await output.WriteLineAsync("| range | without a key: requests a second | CPU s/GiB | with one: requests a second | CPU s/GiB |\n|---|---|---|---|---|");
        foreach (var range in Ranges)
        {
            var (without, with) = (new List<(double Requests, double Seconds)>(), new List<(double Requests, double Seconds)>());
            for (var round = 0; round <= Rounds; round++)
            {
                var (first, second) = (await MeasureAsync(open, range, round), await MeasureAsync(proved, range, round));
                if (round > 0) // the first round warms up
                {
                    without.Add(first);
                    with.Add(second);
                }
            }

            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"| {range / 1024} KiB | {Median(without, it => it.Requests):F0} | {Median(without, it => it.Seconds):F3} | {Median(with, it => it.Requests):F0} | {Median(with, it => it.Seconds):F3} |"));
        }
    }

    // The front end keeps no copies, so each read goes to the member.
    private static async Task<LoadedCluster> StartAsync(params (string Key, string Value)[] settings)
    {
        var cluster = await LoadedCluster.StartAsync(1, 1, FilmChunks * (long)LoadedCluster.MiB, [], [("NearCopies:Threshold", "0"), .. settings]);
        await cluster.ReadAsync(cluster.FrontEnds[0], 0, FilmChunks * (long)LoadedCluster.MiB);
        return cluster;
    }

    private static async Task<(double Requests, double Seconds)> MeasureAsync(LoadedCluster cluster, int range, int round)
    {
        Node[] both = [cluster.FrontEnds[0], cluster.Members.Single()];
        var before = both.Sum(LoadedCluster.ProcessorSeconds);
        var script = Path.Combine(ProductBuild.Root, "benchmarks", "compare", "ranges.lua");
        await using var wrk = await ChildProcess.RunAsync(
            "wrk",
            [
                "-t", "2", "-c", "16", "-d", $"{Seconds}s", "--timeout", "10s", "--latency", "-s", script, both[0].Address.ToString(),
                "--", round.ToString(CultureInfo.InvariantCulture), "range", range.ToString(CultureInfo.InvariantCulture),
                (FilmChunks * LoadedCluster.MiB).ToString(CultureInfo.InvariantCulture), "1", "1",
            ],
            CancellationToken.None);
        var figures = wrk.Lines.Single(line => line.StartsWith("figures ", StringComparison.Ordinal)).Split(' ');
        var requests = double.Parse(figures[3], CultureInfo.InvariantCulture);
        return (requests / Seconds, (both.Sum(LoadedCluster.ProcessorSeconds) - before) / (requests * range / GiB));
    }

    private static double Median(List<(double Requests, double Seconds)> rounds, Func<(double Requests, double Seconds), double> figure) =>
        rounds.Select(figure).Order().ElementAt(rounds.Count / 2);
}
