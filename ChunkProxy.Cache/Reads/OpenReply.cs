namespace ChunkProxy.Cache.Reads;

/// <summary>A reply with an unread body. The first client whose request it fits takes it, so that the origin is not asked twice.</summary>
/// <remarks>
/// The look-up that produced it belongs to no client, and all clients may have left. An untaken reply is therefore closed after <see cref="Hold"/>.
/// </remarks>
internal sealed class OpenReply : OriginReply
{
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(5);

    private readonly bool _isPart;
    private readonly bool _isWholePart;
    private readonly ITimer _hold;
    private PassedThroughAnswer? _answer;

    /// <param name="answer">The response; this reply owns it until it is taken.</param>
    /// <param name="isWholePart">Whether the response is a 206 with every byte of the object.</param>
    /// <param name="time">The clock.</param>
    public OpenReply(PassedThroughAnswer answer, bool isWholePart, TimeProvider time)
        : base(answer.Status)
    {
        _answer = answer;
        _isPart = answer.Status == 206;
        _isWholePart = isWholePart;
        _hold = time.CreateTimer(static reply => ((OpenReply)reply!).Close(), this, Hold, Timeout.InfiniteTimeSpan);
    }

    internal override long Weight => 0; // not stored: the directory keeps the look-up without this reply

    public override PassedThroughAnswer? TryOpen(bool hasRange, bool hasConditions)
    {
        // The origin has not seen the client's conditions. A 206 covers the range that this process requested, not the client's.
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
