namespace ChunkProxy.Cache.ZeroCopy;

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

    /// <summary>Sends bytes that their source may take back while the client is slow.</summary>
    /// <returns>Bytes sent. If they are fewer than given, the source was given back; the next write must begin with the rest.</returns>
    /// <exception cref="OperationCanceledException">The client disconnected, or <see cref="ClientHasStalled"/>.</exception>
    async ValueTask<int> WriteAsync(ReadOnlyMemory<byte> bytes, ISendSource source, CancellationToken cancellationToken)
    {
        await WriteAsync(bytes, cancellationToken);
        return bytes.Length;
    }
}
