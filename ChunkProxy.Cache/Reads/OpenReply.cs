namespace ChunkProxy.Cache.Reads;

/// <summary>A reply whose body is still to be read: the first client that it fits gets it, and the origin is not asked twice.</summary>
/// <remarks>The search that brought it belongs to no client, and all of them may have left: a reply that nobody takes is closed after a while.</remarks>
internal sealed class OpenReply : OriginReply
{
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(5);

    private readonly bool _isPart;
    private readonly bool _isWholePart;
    private readonly ITimer _hold;
    private PassedThroughAnswer? _answer;

    /// <param name="answer">The response; this reply owns it until it is taken.</param>
    /// <param name="isWholePart">A 206 that has every byte of the object.</param>
    /// <param name="time">The clock.</param>
    public OpenReply(PassedThroughAnswer answer, bool isWholePart, TimeProvider time)
        : base(answer.Status)
    {
        _answer = answer;
        _isPart = answer.Status == 206;
        _isWholePart = isWholePart;
        _hold = time.CreateTimer(static reply => ((OpenReply)reply!).Close(), this, Hold, Timeout.InfiniteTimeSpan);
    }

    internal override long Weight => 0; // not kept: the directory gets the look-up without it

    public override PassedThroughAnswer? TryOpen(bool hasRange, bool hasConditions)
    {
        // The origin has not seen the client's conditions. A part is of the range that this process asked for, which is not the client's.
        if (hasConditions || (_isPart && (hasRange || !_isWholePart)) || Interlocked.Exchange(ref _answer, null) is not { } answer)
        {
            return null;
        }

        _hold.Dispose();
        return _isPart ? answer.AsWhole() : answer;
    }

    private void Close()
    {
        _hold.Dispose();
        Interlocked.Exchange(ref _answer, null)?.Dispose();
    }
}
