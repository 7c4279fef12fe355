using System.Numerics;

namespace ChunkProxy.Cache.Chunks;

/// <summary>Counts the reads of clients of one object, or of all segments of one film together. Thread-safe, without locks or allocation.</summary>
/// <remarks>
/// Counted for each slice: whether it was a hit, which client it was for, and which part of the object it was of. The heat is counted without
/// synchronization: two threads may count one read, which does not matter in a picture. Memory: 1 KiB.
/// </remarks>
/// <param name="name">The object as it is shown; of segments, their folder.</param>
/// <param name="isOfSegments">Whether it counts the segments of a film.</param>
internal sealed class ObjectActivity(string name, bool isOfSegments)
{
    /// <summary>Parts of an object's length, or of a film's segments, for which reads are counted.</summary>
    public const int Parts = 100;

    /// <summary>Objects with fewer chunks have no heat: a slice would count in many parts.</summary>
    public const int LeastChunks = 8;

    private const int ViewerWords = 8; // 512 bits
    private const int ViewerBits = ViewerWords * 64;
    private const int MostHeat = 1 << 30;

    private static readonly int[] NoHeat = new int[Parts]; // what is counted after the end goes there, and is not read
    private static readonly ulong[] Nobody = new ulong[ViewerWords];

    private int[] _heat = new int[Parts];
    private readonly Lock _gate = new();
    private ulong[] _viewers = new ulong[ViewerWords]; // of this interval: a bit for each client, by a hash
    private ulong[] _viewersBefore = new ulong[ViewerWords]; // of the last interval
    private long _reads;
    private long _hits;
    private long _bytes;
    private long _width = 1; // of segments: numbers in a part; a power of two
    private long _last = -1; // of segments: the highest number so far

    public string Name => name;

    public bool IsOfSegments => isOfSegments;

    /// <summary>Whether it was replaced by that of another object. It counts nothing that is shown any more.</summary>
    public bool IsRetired { get; private set; }

    /// <summary>Slices opened for clients.</summary>
    public long Reads => Volatile.Read(ref _reads);

    /// <summary>Of these, the slices that did not have to come from the origin.</summary>
    public long Hits => Volatile.Read(ref _hits);

    /// <summary>Bytes sent to clients.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Reads by part, as far as there is content.</summary>
    public int[] Heat => isOfSegments ? _heat[..(int)Math.Min(Parts, (Volatile.Read(ref _last) / Volatile.Read(ref _width)) + 1)] : [.. _heat];

    /// <summary>The numbers of segments that a part of <see cref="Heat"/> covers; 0 where it covers a hundredth of an object.</summary>
    public long NumbersInPart => isOfSegments ? Volatile.Read(ref _width) : 0;

    /// <summary>Counts a slice that was opened for a client.</summary>
    /// <param name="client">A hash of the client's address.</param>
    /// <param name="isHit">Whether it did not have to come from the origin.</param>
    public void Read(int client, bool isHit)
    {
        Interlocked.Increment(ref _reads);
        if (isHit)
        {
            Interlocked.Increment(ref _hits);
        }

        var bit = (uint)client % ViewerBits;
        ref var word = ref Volatile.Read(ref _viewers)[bit / 64];
        if ((Volatile.Read(ref word) & (1UL << (int)(bit % 64))) == 0)
        {
            Interlocked.Or(ref word, 1UL << (int)(bit % 64));
        }
    }

    /// <summary>Counts bytes that were sent.</summary>
    public void Sent(long bytes) => Interlocked.Add(ref _bytes, bytes);

    /// <summary>Counts a read of a part of an object.</summary>
    /// <param name="version">The object.</param>
    /// <param name="start">Offset of the first byte.</param>
    /// <param name="end">One more than the offset of the last byte.</param>
    /// <param name="before">What this method returned for the slice before in the same response, which may end in the same part; -1 for the first one.</param>
    public int Heated(ObjectVersion version, long start, long end, int before = -1)
    {
        if (version.SegmentNumber is var number and >= 0)
        {
            if (before < 0)
            {
                HeatSegment(number);
            }

            return 0;
        }

        if (isOfSegments || version.Layout.ChunkCount < LeastChunks)
        {
            return 0;
        }

        var last = PartOf(end - 1, version.Size);
        for (var part = PartOf(start, version.Size); part <= last; part++)
        {
            if (part != before)
            {
                _heat[part]++;
            }
        }

        return last;
    }

    /// <summary>Begins the next interval of viewers, and keeps the heat from overflowing. Called by one thread.</summary>
    public void NextInterval()
    {
        var next = _viewersBefore;
        Array.Clear(next);
        _viewersBefore = Interlocked.Exchange(ref _viewers, next);
        if (_heat.Any(static heat => heat > MostHeat))
        {
            for (var part = 0; part < Parts; part++)
            {
                _heat[part] >>= 1;
            }
        }
    }

    /// <summary>Adds the clients of this interval and the last one to a set, whose size is estimated by <see cref="ViewersIn"/>.</summary>
    public void AddViewersTo(ulong[] set)
    {
        for (var i = 0; i < ViewerWords; i++)
        {
            set[i] |= Volatile.Read(ref _viewers[i]) | _viewersBefore[i];
        }
    }

    public static ulong[] NoViewers() => new ulong[ViewerWords];

    /// <summary>Estimates the clients in a set by the bits that are not set (linear counting). Exact for few, within some percent for up to 1,000.</summary>
    public static int ViewersIn(ulong[] set)
    {
        var zeros = ViewerBits - set.Sum(static word => BitOperations.PopCount(word));
        return (int)Math.Round(ViewerBits * Math.Log((double)ViewerBits / Math.Max(1, zeros)));
    }

    /// <summary>Ends counting, and releases the memory: versions of objects keep the counters that they had.</summary>
    public void Retire()
    {
        IsRetired = true;
        (_heat, _viewers, _viewersBefore) = (NoHeat, Nobody, Nobody);
    }

    private static int PartOf(long offset, long size) => (int)Math.Clamp((double)offset * Parts / size, 0, Parts - 1);

    private void HeatSegment(long number)
    {
        if (number > Volatile.Read(ref _last))
        {
            Extend(number);
        }

        _heat[Math.Min(Parts - 1, number / Volatile.Read(ref _width))]++;
    }

    // Twice as many numbers in each part, until the number fits.
    private void Extend(long number)
    {
        lock (_gate)
        {
            while (number / _width >= Parts)
            {
                for (var part = 0; part < Parts; part++)
                {
                    _heat[part] = part < Parts / 2 ? _heat[2 * part] + _heat[(2 * part) + 1] : 0;
                }

                Volatile.Write(ref _width, _width * 2);
            }

            Volatile.Write(ref _last, Math.Max(_last, number));
        }
    }
}
