namespace ChunkProxy.Cache.Security;

/// <summary>Which numbers of one sender were seen: each is accepted once. Numbers may come out of order within the window (as in RFC 4303, §3.4.3); one from before it is refused.</summary>
internal sealed class ReplayWindow
{
    /// <summary>How far a number may lie behind the highest one.</summary>
    public const int Size = 64 * 1024;

    private const int BitsPerWord = 64;

    private readonly Lock _gate = new();
    private readonly ulong[] _seen = new ulong[Size / BitsPerWord]; // under _gate; a ring
    private long _highest; // under _gate

    /// <summary>When the sender was last heard, as a timestamp of the caller's.</summary>
    public long HeardAt { get; set; }

    /// <param name="number">Above zero; senders count up from 1.</param>
    /// <returns>False: it was seen before, or is too old to tell.</returns>
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

    // The places of the numbers between the highest so far and this one were used by numbers a whole window before.
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
