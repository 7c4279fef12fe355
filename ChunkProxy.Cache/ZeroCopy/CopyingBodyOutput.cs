namespace ChunkProxy.Cache.ZeroCopy;

/// <summary>Copies bytes into the server's response buffer, piece by piece.</summary>
/// <remarks>The server copies a whole write even if its buffer is full. Writing in pieces bounds the memory for each stalled client.</remarks>
internal sealed class CopyingBodyOutput(HttpContext context, PendingSends sends, StalledClientWatch watch) : IBodyOutput
{
    public const int PieceSize = 64 * 1024;

    private PendingSend? _pending;

    public long BytesWritten { get; private set; }

    public bool ClientHasStalled => watch.HasStalled;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            var piece = bytes[..Math.Min(PieceSize, bytes.Length)];
            await WritePieceAsync(piece, pending: null, cancellationToken);
            BytesWritten += piece.Length;
            bytes = bytes[piece.Length..];
        }
    }

    public async ValueTask<int> WriteAsync(ReadOnlyMemory<byte> bytes, ISendSource source, CancellationToken cancellationToken)
    {
        _pending ??= source.Pending ?? new PendingSend(sends, source);
        for (var sent = 0; ;)
        {
            var piece = bytes.Slice(sent, Math.Min(PieceSize, bytes.Length - sent));
            var wasRecalled = await WritePieceAsync(piece, _pending, cancellationToken);
            BytesWritten += piece.Length;
            sent += piece.Length;
            if (wasRecalled || sent == bytes.Length)
            {
                return sent;
            }
        }
    }

    public void Dispose()
    {
        _pending?.End();
        watch.Dispose();
    }

    /// <summary>Returns whether the source of the bytes was given back meanwhile.</summary>
    private async ValueTask<bool> WritePieceAsync(ReadOnlyMemory<byte> piece, PendingSend? pending, CancellationToken cancellationToken)
    {
        var isCopiedAtOnce = context.Response.HasStarted; // the first write may wait for the head before it copies
        var write = context.Response.BodyWriter.WriteAsync(piece, cancellationToken);
        if (write.IsCompletedSuccessfully)
        {
            ThrowIfClosed(write.Result.IsCompleted, cancellationToken);
            return false;
        }

        watch.WriteBegins();
        if (isCopiedAtOnce)
        {
            pending?.WaitBegins();
        }

        var wasRecalled = false;
        try
        {
            ThrowIfClosed((await write).IsCompleted, cancellationToken);
        }
        finally
        {
            wasRecalled = pending?.WaitEnds() ?? false;
            watch.WriteEnds();
        }

        return wasRecalled;
    }

    private static void ThrowIfClosed(bool isCompleted, CancellationToken cancellationToken)
    {
        if (isCompleted)
        {
            throw new OperationCanceledException("The connection is closed.", cancellationToken);
        }
    }
}
