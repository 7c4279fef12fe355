namespace ChunkProxy.Web.Http.Sending;

/// <summary>Copies bytes into the server's response buffer, piece by piece.</summary>
/// <remarks>The server copies a whole write even if its buffer is full. Pieces bound the memory that a client costs that reads nothing.</remarks>
internal sealed class CopyingBodyOutput(HttpContext context, StalledClientWatch watch) : IBodyOutput
{
    public const int PieceSize = 64 * 1024;

    public long BytesWritten { get; private set; }

    public bool ClientHasStalled => watch.HasStalled;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            var piece = bytes[..Math.Min(PieceSize, bytes.Length)];
            await WritePieceAsync(piece, cancellationToken);
            BytesWritten += piece.Length;
            bytes = bytes[piece.Length..];
        }
    }

    public void Dispose() => watch.Dispose();

    private async ValueTask WritePieceAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        var write = context.Response.BodyWriter.WriteAsync(piece, cancellationToken);
        if (write.IsCompletedSuccessfully)
        {
            ThrowIfGone(write.Result.IsCompleted, cancellationToken);
            return;
        }

        watch.WriteBegins();
        try
        {
            ThrowIfGone((await write).IsCompleted, cancellationToken);
        }
        finally
        {
            watch.WriteEnds();
        }
    }

    private static void ThrowIfGone(bool isCompleted, CancellationToken cancellationToken)
    {
        if (isCompleted)
        {
            throw new OperationCanceledException("The connection is closed.", cancellationToken);
        }
    }
}
