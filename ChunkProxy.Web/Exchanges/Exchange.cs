using System.Net;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Web.Clients;

namespace ChunkProxy.Web.Exchanges;

/// <summary>Measures one exchange with a client: how long the client waited for the proxy, and where the bytes came from.</summary>
/// <remarks>Not thread-safe: only the response uses it. A slice in memory costs a comparison and an OR, without reading the clock.</remarks>
internal sealed class Exchange(TimeProvider time)
{
    private const long Never = -1;

    private readonly long _startedAt = time.GetTimestamp();
    private long _firstByteAt = Never;
    private long _waitsSince = Never;
    private long _waited; // after the first byte, in the clock's units
    private int _sources; // one bit for each ChunkSource

    /// <summary>The client's address.</summary>
    public IPAddress? Client { get; init; }

    /// <summary>The object with its route. Nothing reads it: while the exchange goes on, it keeps the route's origin, which a reload may remove.</summary>
    public object? Requested { get; set; }

    /// <summary>The client under the limits of the route; null if the route has none.</summary>
    public LimitedClient? InRoute { get; set; }

    /// <summary>Why the client may not read the object, for logs only; null if it may.</summary>
    public string? Refusal { get; set; }

    /// <summary>The chunk in which the body begins; null if no bytes of an object are sent.</summary>
    public Chunk? FirstChunk { get; set; }

    /// <summary>Bytes of the body passed to the connection.</summary>
    public long BytesSent { get; set; }

    /// <summary>Time from the request's head until the first bytes were ready; null if there were none.</summary>
    public TimeSpan? FirstByte => _firstByteAt == Never ? null : time.GetElapsedTime(_startedAt, _firstByteAt);

    /// <summary>Time from the request's head until the exchange ended.</summary>
    public TimeSpan Total { get; private set; }

    /// <summary>When the exchange ended, as a timestamp of the clock.</summary>
    public long EndedAt { get; private set; }

    /// <summary>The part of the total in which the client waited: until the first byte, and whenever the next bytes were not ready.</summary>
    /// <remarks>Excludes the time that the client takes to receive the bytes.</remarks>
    public TimeSpan Waited => FirstByte is { } first ? first + time.GetElapsedTime(0, _waited) : Total;

    /// <summary>The sources of the bytes, in the order of the look-up.</summary>
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

    /// <summary>Ends the exchange. Called once. A wait in progress ends with the exchange.</summary>
    /// <param name="isWhole">Whether the whole response was passed on. If no first byte was recorded (an error response), it counts as now.</param>
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
