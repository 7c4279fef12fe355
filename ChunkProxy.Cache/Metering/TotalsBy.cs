using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace ChunkProxy.Cache.Metering;

/// <summary>One total for each value of an enum whose values count from 0 up.</summary>
/// <remarks>Metrics read the totals when they are collected, so counting costs one addition, with or without a collector.</remarks>
internal sealed class TotalsBy<T>
    where T : struct, Enum
{
    private static readonly T[] Values = Enum.GetValues<T>();

    private readonly StripedCounters _totals = new(Values.Length);

    public long this[T value] => _totals[IndexOf(value)];

    public long Sum => Values.Sum(value => this[value]);

    public void Add(T value, long count) => _totals.Add(IndexOf(value), count);

    public void Increment(T value) => _totals.Add(IndexOf(value), 1);

    /// <summary>Returns all totals, zeros included: a series that begins at 0 has a rate from its first event on.</summary>
    public IEnumerable<Measurement<long>> Measure(string tag, params KeyValuePair<string, object?>[] more) =>
        Values.Select(value => new Measurement<long>(this[value], [Tag.Of(tag, value), .. more]));

    private static int IndexOf(T value) => Unsafe.BitCast<T, int>(value);
}
