using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Web.Http.Ranges;

/// <summary>The bytes that a request selects from an object of a known size, in the order of sending.</summary>
internal readonly struct RangeOutcome
{
    private readonly ByteRange _first;
    private readonly List<ByteRange>? _all;

    private RangeOutcome(RangeEnding ending, ByteRange first, List<ByteRange>? all = null)
    {
        Ending = ending;
        _first = first;
        _all = all;
    }

    public RangeEnding Ending { get; }

    /// <summary>The number of runs; 0 for an unsatisfiable request.</summary>
    public int Count => Ending == RangeEnding.Unsatisfiable ? 0 : _all?.Count ?? 1;

    public ByteRange this[int index] => _all is null ? _first : _all[index];

    public static RangeOutcome Whole(long size) => new(RangeEnding.Whole, ByteRange.Whole(size));

    /// <summary>Resolves a Range field against an object's size (RFC 9110 §14.1.2, §15.3.7, §15.5.17).</summary>
    public static RangeOutcome Resolve(in RangeHeader header, long size)
    {
        if (header.Form != RangeForm.Bytes)
        {
            return Whole(size);
        }

        if (header.Count == 1)
        {
            return header[0].TryResolve(size, out var single)
                ? new RangeOutcome(RangeEnding.Single, single)
                : Nothing(header, size);
        }

        var requested = new List<ByteRange>(header.Count);
        UInt128 total = 0;
        for (var i = 0; i < header.Count; i++)
        {
            if (header[i].TryResolve(size, out var range))
            {
                requested.Add(range);
                total += (ulong)range.Length;
            }
        }

        if (requested.Count == 0)
        {
            return Nothing(header, size);
        }

        // A total above the object's size, counted with overlaps, is a mistake or an attack (§17.15). The whole object costs less.
        if (total > (ulong)size)
        {
            return Whole(size);
        }

        var runs = RangeCoalescing.Coalesce(requested);
        return runs.Count == 1 ? new RangeOutcome(RangeEnding.Single, runs[0]) : new RangeOutcome(RangeEnding.Several, runs[0], runs);
    }

    // By §14.1.2 a suffix of an empty object is satisfiable, but no Content-Range can express it. Send the whole, empty object.
    private static RangeOutcome Nothing(in RangeHeader header, long size)
    {
        for (var i = 0; i < header.Count; i++)
        {
            if (size == 0 && header[i] is { First: null, Last: > 0 })
            {
                return Whole(size);
            }
        }

        return new RangeOutcome(RangeEnding.Unsatisfiable, default);
    }
}
