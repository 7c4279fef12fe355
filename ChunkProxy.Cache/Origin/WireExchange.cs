namespace ChunkProxy.Cache.Origin;

/// <summary>One request on its way to the origin, and the connection it is on.</summary>
/// <remarks>
/// HttpClient sends a request again by itself when a connection closes before the first byte of an answer, up to three times, and has no setting against
/// that. Each connection reports the requests that it writes to the exchange whose code is running (an async local, which flows into HttpClient and back
/// out of nothing), so a repetition is seen before a byte of it is sent. One is allowed only where the connection had served before: the origin may have
/// closed it for being idle, and has not seen the request.
/// </remarks>
internal sealed class WireExchange(OriginAttempts attempts, CancellationTokenSource stop)
{
    private static readonly AsyncLocal<WireExchange?> Flow = new();

    private OriginConnection? _connection;
    private bool _wasReused;

    /// <summary>The exchange whose code is running.</summary>
    public static WireExchange? Current => Flow.Value;

    /// <summary>Requests written so far.</summary>
    public int Requests { get; private set; }

    /// <summary>Makes this the current exchange of the calling method and of what it calls.</summary>
    public void Enter() => Flow.Value = this;

    /// <summary>A connection is about to write this exchange's request, or a further piece of it.</summary>
    /// <exception cref="IOException">The request has been sent before and may not be sent again.</exception>
    public void BeginWrite(OriginConnection connection)
    {
        if (_connection == connection)
        {
            return;
        }

        if (Requests > 0 && !(_wasReused && attempts.AreLeft))
        {
            stop.Cancel(); // ends HttpClient's own loop, which would try yet another connection
            throw new IOException("The request has been sent before.");
        }

        _connection = connection;
        _wasReused = connection.BeginRequest();
        Requests++;
        attempts.Count();
    }

    /// <summary>Closes the connection: what comes next on it cannot be trusted.</summary>
    public void CloseConnection() => _connection?.Dispose();
}
