namespace ChunkProxy.Cache.Origin;

/// <summary>One request to the origin, and the connection that carries it.</summary>
/// <remarks>
/// HttpClient resends a request up to three times if a connection closes before the first byte of a response, and no setting disables that. Each
/// connection therefore reports every request that it writes to the current exchange (an async local, which flows into HttpClient), so a repetition
/// is detected before a byte of it is sent. A repetition is allowed only if the connection had served a request before: the origin may have closed it
/// as idle without seeing the request.
/// </remarks>
internal sealed class WireExchange(OriginAttempts attempts, CancellationTokenSource stop)
{
    private static readonly AsyncLocal<WireExchange?> Flow = new();

    private OriginConnection? _connection;
    private bool _wasReused;

    /// <summary>The exchange of the running code.</summary>
    public static WireExchange? Current => Flow.Value;

    /// <summary>Number of requests written.</summary>
    public int Requests { get; private set; }

    /// <summary>Makes this the current exchange of the calling method and its callees.</summary>
    public void Enter() => Flow.Value = this;

    /// <summary>Called before a connection writes this exchange's request, or another part of it.</summary>
    /// <exception cref="IOException">The request was sent before and must not be sent again.</exception>
    public void BeginWrite(OriginConnection connection)
    {
        if (_connection == connection)
        {
            return;
        }

        if (Requests > 0 && !(_wasReused && attempts.AreLeft))
        {
            stop.Cancel(); // stops HttpClient's own loop, which would try another connection
            throw new IOException("The request has been sent before.");
        }

        _connection = connection;
        _wasReused = connection.BeginRequest();
        Requests++;
        attempts.Count();
    }

    /// <summary>Closes the connection, because further responses on it cannot be trusted.</summary>
    public void CloseConnection() => _connection?.Dispose();
}
