namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Decides when a chunk was read from disk often enough to be promoted to memory.</summary>
/// <remarks>
/// Promotion reads the whole chunk. This is the ski-rental problem: the chunk is promoted once the bytes read from disk equal its length.
/// The total cost is then at most twice that of the optimal choice in hindsight.
/// <para>
/// When memory is too small for the working set, chunks are evicted before their promotion has paid off, and so are the chunks they displaced.
/// A promotion has paid off when no read came back to disk for as long as it took to earn it. A read that comes sooner doubles the price;
/// otherwise the price halves.
/// </para>
/// </remarks>
internal struct PromotionAccount
{
    private const int MostDoublings = 6;

    private long _read; // bytes read from disk since the last promotion
    private long _since; // time of the first of those reads
    private long _earning; // time it took to earn the last promotion
    private long _movedAt;
    private byte _doublings;
    private bool _hasMoved;

    /// <summary>Accounts for a read that memory did not serve. Returns true when the chunk is due for promotion.</summary>
    /// <param name="bytes">Bytes read.</param>
    /// <param name="length">Length of the chunk in bytes.</param>
    /// <param name="now">A monotonic timestamp.</param>
    public bool Read(int bytes, int length, long now)
    {
        if (_read >= (long)length << _doublings)
        {
            _earning = now - _since;
            _movedAt = now;
            _hasMoved = true;
            _read = 0;
            return true;
        }

        if (_read == 0)
        {
            if (_hasMoved)
            {
                _doublings = (byte)Math.Clamp(_doublings + (now - _movedAt < _earning ? 1 : -1), 0, MostDoublings);
            }

            _since = now;
        }

        _read += bytes;
        return false;
    }
}
