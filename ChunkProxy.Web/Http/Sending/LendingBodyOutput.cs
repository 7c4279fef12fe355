using System.Runtime.CompilerServices;
using ChunkProxy.Cache.ZeroCopy;

namespace ChunkProxy.Web.Http.Sending;

/// <summary>Lends memory to the connection, so that no bytes are copied on the way to the socket.</summary>
/// <remarks>
/// Bypasses the server's flush, which under back-pressure costs a switch to another thread for each slice, and with it the server's
/// check for slow clients. <see cref="StalledClientWatch"/> replaces it. It sees progress every 64 KiB, as in <see cref="CopyingBodyOutput"/>.
/// </remarks>
internal sealed class LendingBodyOutput(HttpContext context, LendingOutput connection, TimeProvider time, TimeSpan timeout) : IBodyOutput
{
    private StalledClientWatch? _watch;
    private CopyingBodyOutput? _copying;
    private long _lent;

    public long BytesWritten => _lent + (_copying?.BytesWritten ?? 0);

    public bool ClientHasStalled => _watch is { HasStalled: true };

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        if (bytes.IsEmpty)
        {
            return default;
        }

        var start = context.Response.HasStarted ? Task.CompletedTask : context.Response.StartAsync(cancellationToken);
        return start.IsCompletedSuccessfully ? LendAsync(bytes, cancellationToken) : StartAndLendAsync(start, bytes, cancellationToken);
    }

    public void Dispose() => _watch?.Dispose();

    private async ValueTask StartAndLendAsync(Task start, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await start;
        await LendAsync(bytes, cancellationToken);
    }

    private ValueTask LendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (!connection.TryLend(context.Response.BodyWriter, bytes))
        {
            _copying ??= new CopyingBodyOutput(context, Watch());
            return _copying.WriteAsync(bytes, cancellationToken);
        }

        if (!connection.TrySend())
        {
            return SendPiecesAsync(bytes.Length, cancellationToken);
        }

        return Sent(bytes.Length) ? default : ValueTask.FromException(Gone(cancellationToken));
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))] // fast servers usually have pending sends: a slice must not allocate
    private async ValueTask SendPiecesAsync(int length, CancellationToken cancellationToken)
    {
        var watch = Watch();
        await using var cancellation = cancellationToken.UnsafeRegister(static connection => ((LendingOutput)connection!).Abort(), connection);
        do
        {
            watch.WriteBegins();
            await connection.SendPieceAsync();
            watch.WriteEnds();
        }
        while (!connection.TrySend());

        if (!Sent(length))
        {
            throw Gone(cancellationToken);
        }
    }

    private bool Sent(int length)
    {
        if (connection.IsGone)
        {
            return false;
        }

        _lent += length;
        return true;
    }

    private StalledClientWatch Watch() => _watch ??= new StalledClientWatch(context, time, timeout);

    private static OperationCanceledException Gone(CancellationToken cancellationToken) => new("The connection is closed.", cancellationToken);
}
