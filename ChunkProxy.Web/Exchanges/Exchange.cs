using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Web.Exchanges;

/// <summary>What one exchange with a client is judged by when it has ended: how long the client waited for us, and where its bytes came from.</summary>
/// <remarks>For one thread of control, the response's. A slice that is in memory costs a comparison and an OR, and no look at the clock.</remarks>
internal sealed class Exchange(TimeProvider time)
{
    private const long Never = -1;

    private readonly long _startedAt = time.GetTimestamp();
    private long _firstByteAt = Never;
    private long _waitsSince = Never;
    private long _waited; // since the first byte; in the clock's units
    private int _sources; // one bit for each ChunkSource

    /// <summary>Bytes of the body handed to the connection.</summary>
    public long BytesSent { get; set; }

    /// <summary>From the request's head until there was something to send; null if there never was.</summary>
    public TimeSpan? FirstByte => _firstByteAt == Never ? null : time.GetElapsedTime(_startedAt, _firstByteAt);

    /// <summary>From the request's head until the exchange ended, or until now.</summary>
    public TimeSpan Total { get; private set; }

    /// <summary>When it ended, by the clock's timestamps.</summary>
    public long EndedAt { get; private set; }

    /// <summary>How long of that the client waited for us: until the first byte, and whenever the next ones were not there.</summary>
    /// <remarks>The rest of the time is the client's own: how fast it takes the bytes is nothing to judge a proxy by.</remarks>
    public TimeSpan Waited => FirstByte is { } first ? first + time.GetElapsedTime(0, _waited) : Total;

    /// <summary>Where the bytes came from, in the order of the look-up.</summary>
    public IReadOnlyList<ChunkSource> Sources => [.. Enum.GetValues<ChunkSource>().Where(source => (_sources & (1 << (int)source)) != 0)];

    public void ReadFrom(ChunkSource source) => _sources |= 1 << (int)source;

    public void FirstByteIsThere() => _firstByteAt = time.GetTimestamp();

    public void WaitBegins() => _waitsSince = time.GetTimestamp();

    public void WaitEnds()
    {
        if (_waitsSince == Never)
        {
            return;
        }

        if (_firstByteAt != Never)
        {
            _waited += time.GetTimestamp() - _waitsSince;
        }

        _waitsSince = Never;
    }

    /// <summary>Called once. A wait that nobody ended was cut short by what ended the exchange.</summary>
    /// <param name="isWhole">The answer was handed over whole. One that tells of an error is so short that its first byte came with its last.</param>
    public void End(bool isWhole)
    {
        WaitEnds();
        if (isWhole && _firstByteAt == Never)
        {
            FirstByteIsThere();
        }

        EndedAt = time.GetTimestamp();
        Total = time.GetElapsedTime(_startedAt, EndedAt);
    }
}
