namespace ChunkProxy.Web.Exchanges;

/// <summary>How an exchange with a client ended. The metric tag, the log event and the totals use this value.</summary>
public enum ResponseEnding
{
    /// <summary>The whole response, whatever its status, was passed to the connection.</summary>
    Completed,

    /// <summary>The client closed or reset the connection before it received the response.</summary>
    ClientGone,

    /// <summary>The client read nothing for the configured time; the connection was aborted.</summary>
    ClientStalled,

    /// <summary>The remaining bytes were unavailable after the head was sent. The connection was aborted, so the client detects it.</summary>
    ReadFailed,

    /// <summary>An unexpected error: 500, or an aborted connection if the head was sent.</summary>
    Faulted,
}
