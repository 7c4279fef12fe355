namespace ChunkProxy.Benchmarks.HitRatios;

/// <summary>Traces from fixed seeds, one for each kind of traffic of a video cache. Every chunk counts as one byte.</summary>
internal static class SyntheticTraces
{
    private const int Requests = 500_000;

    public static IEnumerable<(string Name, string What, Request[] Trace)> All()
    {
        yield return ("zipf", "50,000 chunks, popularity 1/rank", Of(Zipf(1.0, drift: 0)));
        yield return ("zipf-flat", "50,000 chunks, popularity 1/rank^0.7", Of(Zipf(0.7, drift: 0)));
        yield return ("zipf-rise", "the same as zipf, but after every 20 reads each chunk rises one rank and the most popular one disappears", Of(Zipf(1.0, drift: 20)));
        yield return ("zipf-fade", "the same as zipf, but after every 20 reads a new chunk is the most popular and the others fall one rank", Of(Zipf(1.0, drift: -20)));
        yield return ("loop", "10,000 chunks in order, repeatedly", Of(Loop()));
        yield return ("loved-scan", "1,000 popular chunks by Zipf, alternating with a scan that never repeats", Of(LovedAndScan()));
        yield return ("films", "2,000 films of 50 to 600 chunks by Zipf, 40 viewers in order, most leave early", Of(Films()));
        yield return ("premieres", "always new films, each watched three times by viewers at a distance from each other", Of(Premieres()));
    }

    private static Request[] Of(IEnumerable<ulong> keys) => [.. keys.Take(Requests).Select(key => new Request(key, 1))];

    private static IEnumerable<ulong> Zipf(double exponent, int drift)
    {
        const int Chunks = 50_000;
        var ranks = new ZipfRanks(Chunks, exponent, new Random(1));
        for (var i = 0; ; i++)
        {
            var moved = drift == 0 ? 0 : i / drift;
            yield return (ulong)(1_000_000 + ranks.Next() + moved);
        }
    }

    private static IEnumerable<ulong> Loop()
    {
        for (var i = 0UL; ; i++)
        {
            yield return i % 10_000;
        }
    }

    private static IEnumerable<ulong> LovedAndScan()
    {
        var ranks = new ZipfRanks(1_000, 0.8, new Random(2));
        for (var scanned = 1_000_000UL; ; scanned++)
        {
            yield return (ulong)ranks.Next();
            yield return scanned;
        }
    }

    /// <summary>The chance that a viewer continues rises with the chunks watched: most leave in the first minutes, some stay to the end.</summary>
    private static IEnumerable<ulong> Films()
    {
        var random = new Random(3);
        var ranks = new ZipfRanks(2_000, 0.9, random);
        var lengths = Enumerable.Range(0, 2_000).Select(_ => random.Next(50, 600)).ToArray();
        var viewers = Enumerable.Range(0, 40).Select(_ => (Film: ranks.Next(), Chunk: 0)).ToArray();
        while (true)
        {
            var viewer = random.Next(viewers.Length);
            var (film, chunk) = viewers[viewer];
            yield return ((ulong)film * 1_000) + (ulong)chunk;
            var leaves = chunk + 1 == lengths[film] || random.NextDouble() < 0.3 / (chunk + 3);
            viewers[viewer] = leaves ? (ranks.Next(), 0) : (film, chunk + 1);
        }
    }

    private static IEnumerable<ulong> Premieres()
    {
        const ulong Behind = 1_500;
        var random = new Random(4);
        for (var i = 2 * Behind; ; i++)
        {
            // Three positions in one endless sequence of chunks, in turn and with jitter.
            yield return i;
            yield return i - Behind + (ulong)random.Next(50);
            yield return i - (2 * Behind) + (ulong)random.Next(50);
        }
    }
}
