using System.Numerics;
using System.Runtime.InteropServices;
using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Popularity;

/// <summary>Estimates how often each chunk was read lately, in constant memory: a count-min sketch whose counts fade.</summary>
/// <remarks>
/// <para>
/// Cormode and Muthukrishnan, "An improved data stream summary", 2005: every key has a counter in each of four rows, and the least of
/// them is the estimate. It never falls short of the true (faded) count but for lost updates, and exceeds it by about e / width of all
/// reads in the window, here 1 in 6,000.
/// </para>
/// <para>
/// All counts are halved once in each half-life, by whoever comes first after it is due. Counters are bumped without a lock: two bumps
/// at the same moment may count as one, which for chunks so busy makes no difference, and a halving at that moment may be lost for one counter.
/// </para>
/// </remarks>
internal sealed class PopularitySketch(TimeSpan halfLife, TimeProvider time)
{
    private const int Rows = 4;
    private const int Width = 1 << 14; // 256 KiB in all: it stays in the processor's second-level cache

    private readonly int[] _counts = new int[Rows * Width];
    private readonly Lock _fading = new();
    private long _fadedAt = time.GetTimestamp();

    /// <summary>Counts a read and returns how many there were lately, this one included.</summary>
    public int Add(ChunkKey key)
    {
        FadeIfDue();
        var least = int.MaxValue;
        var hash = HashOf(key);
        for (var row = 0; row < Rows; row++)
        {
            ref var count = ref _counts[IndexIn(row, hash)];
            least = Math.Min(least, ++count);
        }

        return least;
    }

    /// <summary>Returns how many reads there were lately.</summary>
    public int Estimate(ChunkKey key)
    {
        FadeIfDue();
        var least = int.MaxValue;
        var hash = HashOf(key);
        for (var row = 0; row < Rows; row++)
        {
            least = Math.Min(least, _counts[IndexIn(row, hash)]);
        }

        return least;
    }

    /// <summary>Counts as many reads as are missing to <paramref name="reads"/>.</summary>
    public void Raise(ChunkKey key, int reads)
    {
        FadeIfDue();
        var hash = HashOf(key);
        for (var row = 0; row < Rows; row++)
        {
            ref var count = ref _counts[IndexIn(row, hash)];
            count = Math.Max(count, reads);
        }
    }

    // The version's hash is cryptographic, so the clients cannot choose chunks that share counters.
    private static ulong HashOf(ChunkKey key)
    {
        var mixed = (ulong)key.Version ^ BitOperations.RotateLeft(((ulong)key.Index + 1) * 0x9E3779B97F4A7C15UL, 31);
        return mixed * 0xD6E8FEB86659FD93UL;
    }

    private static int IndexIn(int row, ulong hash) => (row * Width) + ((int)(hash >> (8 + (row * 14))) & (Width - 1));

    private void FadeIfDue()
    {
        if (time.GetElapsedTime(Volatile.Read(ref _fadedAt)) < halfLife || !_fading.TryEnter())
        {
            return;
        }

        try
        {
            var halvings = (int)Math.Min(31, time.GetElapsedTime(_fadedAt) / halfLife);
            if (halvings == 0)
            {
                return; // somebody else was faster
            }

            foreach (ref var lanes in MemoryMarshal.Cast<int, Vector<int>>(_counts.AsSpan()))
            {
                lanes = Vector.ShiftRightLogical(lanes, halvings);
            }

            Volatile.Write(ref _fadedAt, time.GetTimestamp());
        }
        finally
        {
            _fading.Exit();
        }
    }
}
