namespace ChunkProxy.Web.Http.Sending;

/// <summary>Where the bytes of one response body go.</summary>
internal interface IBodyOutput : IDisposable
{
    /// <summary>Bytes taken over by the connection so far.</summary>
    long BytesWritten { get; }

    /// <summary>The client took nothing for the configured time, and the connection is aborted for that.</summary>
    bool ClientHasStalled { get; }

    /// <summary>Sends bytes. When the task is complete they are not in use any more: a chunk's lease is held until then.</summary>
    /// <exception cref="OperationCanceledException">The client is gone, or <see cref="ClientHasStalled"/>.</exception>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);
}
