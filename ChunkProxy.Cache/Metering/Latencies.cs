using System.Diagnostics.Metrics;

namespace ChunkProxy.Cache.Metering;

/// <summary>Creates histograms of durations in seconds.</summary>
public static class Latencies
{
    // From a hit in memory to a body that takes minutes. The default boundaries begin at 5 s, as if the unit were milliseconds.
    private static readonly InstrumentAdvice<double> Buckets = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    };

    public static Histogram<double> CreateLatency(this Meter meter, string name, string description) =>
        meter.CreateHistogram(name, "s", description, tags: null, Buckets);
}
