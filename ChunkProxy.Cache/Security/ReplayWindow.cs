namespace ChunkProxy.Cache.Security;

/// <summary>Sliding window over one sender's request numbers. Accepts each number once.</summary>
/// <remarks>Numbers may arrive out of order within the window (RFC 4303 §3.4.3). Older ones are refused.</remarks>
internal sealed class ReplayWindow
{
    /// <summary>Numbers that the window covers, counted back from the highest.</summary>
    public const int Size = 64 * 1024;

    private const int BitsPerWord = 64;

    private readonly Lock _gate = new();
    private readonly ulong[] _seen = new ulong[Size / BitsPerWord]; // under _gate; ring buffer
    private long _highest; // under _gate

    /// <summary>When the sender was last heard: a timestamp of the caller's clock.</summary>
    public long LastSeen { get; set; }

    /// <param name="number">Above zero. Senders count up from 1.</param>
    /// <returns>False: seen before, or too old to tell.</returns>
    public bool TryAccept(long number)
    {
        lock (_gate)
        {
            if (number <= 0 || number <= _highest - Size)
            {
                return false;
            }

            if (number > _highest)
            {
                ClearUpTo(number);
                _highest = number;
            }

            ref var word = ref _seen[number % Size / BitsPerWord];
            var bit = 1UL << (int)(number % BitsPerWord);
            if ((word & bit) != 0)
            {
                return false;
            }

            word |= bit;
            return true;
        }
    }

    // Numbers one window earlier used the bits of the numbers between the previous highest and this one.
    private void ClearUpTo(long number)
    {
        if (number - _highest >= Size)
        {
            Array.Clear(_seen);
            return;
        }

        for (var next = _highest + 1; next <= number; next++)
        {
            _seen[next % Size / BitsPerWord] &= ~(1UL << (int)(next % BitsPerWord));
        }
    }
}
