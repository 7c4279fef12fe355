using System.Numerics;
using System.Runtime.InteropServices;
using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Popularity;

/// <summary>Estimates the recent read count of each chunk in constant memory: a count-min sketch with decaying counts.</summary>
/// <remarks>
/// <para>
/// Cormode and Muthukrishnan, "An improved data stream summary", 2005: every key has a counter in each of four rows, and the smallest of them is the
/// estimate. Apart from lost updates, it is never below the true (decayed) count. It exceeds that count by about e / width of all reads in the
/// window, here 1 in 6,000.
/// </para>
/// <para>
/// All counts are halved once per half-life, by the first caller after it is due. Counters are incremented without a lock. Two increments at the same
/// moment may count as one, which does not matter for chunks that busy; a counter incremented during a halving may miss that halving.
/// </para>
/// </remarks>
internal sealed class PopularitySketch(TimeSpan halfLife, TimeProvider time)
{
    private const int Rows = 4;
    private const int Width = 1 << 14; // 256 KiB in all: fits the processor's L2 cache

    private readonly int[] _counts = new int[Rows * Width];
    private readonly Lock _decaying = new();
    private long _decayedAt = time.GetTimestamp();

    /// <summary>Counts a read and returns the recent read count, including this one.</summary>
    public int Add(ChunkKey key)
    {
        DecayIfDue();
        var least = int.MaxValue;
        var hash = HashOf(key);
        for (var row = 0; row < Rows; row++)
        {
            ref var count = ref _counts[IndexIn(row, hash)];
            least = Math.Min(least, ++count);
        }

        return least;
    }

    /// <summary>Returns the recent read count.</summary>
    public int Estimate(ChunkKey key)
    {
        DecayIfDue();
        var least = int.MaxValue;
        var hash = HashOf(key);
        for (var row = 0; row < Rows; row++)
        {
            least = Math.Min(least, _counts[IndexIn(row, hash)]);
        }

        return least;
    }

    /// <summary>Raises the recent read count to <paramref name="reads"/> if it is lower.</summary>
    public void Raise(ChunkKey key, int reads)
    {
        DecayIfDue();
        var hash = HashOf(key);
        for (var row = 0; row < Rows; row++)
        {
            ref var count = ref _counts[IndexIn(row, hash)];
            count = Math.Max(count, reads);
        }
    }

    // The version's hash is cryptographic, so clients cannot choose chunks that share counters.
    private static ulong HashOf(ChunkKey key)
    {
        var mixed = key.Version.Low ^ BitOperations.RotateLeft(((ulong)key.Index + 1) * 0x9E3779B97F4A7C15UL, 31);
        return mixed * 0xD6E8FEB86659FD93UL;
    }

    private static int IndexIn(int row, ulong hash) => (row * Width) + ((int)(hash >> (8 + (row * 14))) & (Width - 1));

    private void DecayIfDue()
    {
        if (time.GetElapsedTime(Volatile.Read(ref _decayedAt)) < halfLife || !_decaying.TryEnter())
        {
            return;
        }

        try
        {
            var halvings = (int)Math.Min(31, time.GetElapsedTime(_decayedAt) / halfLife);
            if (halvings == 0)
            {
                return; // another thread was faster
            }

            foreach (ref var lanes in MemoryMarshal.Cast<int, Vector<int>>(_counts.AsSpan()))
            {
                lanes = Vector.ShiftRightLogical(lanes, halvings);
            }

            Volatile.Write(ref _decayedAt, time.GetTimestamp());
        }
        finally
        {
            _decaying.Exit();
        }
    }
}
