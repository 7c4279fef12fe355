namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Decides when a chunk has been read from disk so often that it is to move to memory.</summary>
/// <remarks>
/// Moving a chunk means to read all of it. As with skis, which are bought when the rent paid comes to their price, it moves when the reads past
/// memory have come to its length: they never cost more than twice what the better choice would have, known beforehand.
/// <para>
/// Where memory is too small for all that is read, a chunk is evicted before the move has paid, and so is the one that was evicted for it. The move has paid if no
/// read came back here for as long as it took to earn it. If one came sooner the price doubles; if not, it halves.
/// </para>
/// </remarks>
internal struct PromotionAccount
{
    private const int MostDoublings = 6;

    private long _read; // bytes past memory, since the last move
    private long _since; // when the first of them were read
    private long _earning; // how long the last move was earned
    private long _movedAt;
    private byte _doublings;
    private bool _hasMoved;

    /// <summary>Takes note of a read that memory could not answer. True: it is time for the chunk to move.</summary>
    /// <param name="bytes">Read.</param>
    /// <param name="length">Of the chunk, in bytes.</param>
    /// <param name="now">A timestamp that only goes up.</param>
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
