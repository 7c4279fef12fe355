namespace ChunkProxy.Web.Http.Sending;

/// <summary>The destination of one response's body.</summary>
internal interface IBodyOutput : IDisposable
{
    /// <summary>Bytes accepted by the connection so far.</summary>
    long BytesWritten { get; }

    /// <summary>Whether the connection was aborted because the client read nothing for the configured time.</summary>
    bool ClientHasStalled { get; }

    /// <summary>Sends bytes. They are in use until the task completes, so the chunk's lease must be held until then.</summary>
    /// <exception cref="OperationCanceledException">The client disconnected, or <see cref="ClientHasStalled"/>.</exception>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);
}
