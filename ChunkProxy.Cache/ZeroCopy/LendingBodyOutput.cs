using System.Runtime.CompilerServices;

namespace ChunkProxy.Cache.ZeroCopy;

/// <summary>Lends memory to the connection, so that no bytes are copied on the way to the socket.</summary>
/// <remarks>
/// Bypasses the server's flush, which under back-pressure costs a switch to another thread for each slice, and with it the server's
/// check for slow clients. <see cref="StalledClientWatch"/> replaces it. It sees progress at least every 64 KiB.
/// <para>
/// While a send waits for its client, only a copy of the next 4 KiB is in use, and the source of the lent memory can be given back. The server has
/// counted all lent bytes then; the rest of them is lent again when the source has been opened again.
/// </para>
/// </remarks>
internal sealed class LendingBodyOutput(
    HttpContext context, LendingOutput connection, PendingSends sends, TimeProvider time, TimeSpan timeout) : IBodyOutput
{
    private StalledClientWatch? _watch;
    private CopyingBodyOutput? _copying;
    private PendingSend? _pending;
    private int _owed; // bytes that the server has counted and that were taken back before they were sent
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

    public ValueTask<int> WriteAsync(ReadOnlyMemory<byte> bytes, ISendSource source, CancellationToken cancellationToken)
    {
        if (_copying is not null)
        {
            return _copying.WriteAsync(bytes, source, cancellationToken);
        }

        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<int>(cancellationToken);
        }

        if (bytes.IsEmpty)
        {
            return default;
        }

        var start = context.Response.HasStarted ? Task.CompletedTask : context.Response.StartAsync(cancellationToken);
        return start.IsCompletedSuccessfully ? LendAsync(bytes, source, cancellationToken) : StartAndLendAsync(start, bytes, source, cancellationToken);
    }

    public void Dispose()
    {
        if (_owed > 0)
        {
            connection.Abort(); // the server believes that the body is complete
        }

        _pending?.End();
        _copying?.Dispose();
        _watch?.Dispose();
    }

    private async ValueTask<int> StartAndLendAsync(Task start, ReadOnlyMemory<byte> bytes, ISendSource source, CancellationToken cancellationToken)
    {
        await start;
        return await LendAsync(bytes, source, cancellationToken);
    }

    private ValueTask<int> LendAsync(ReadOnlyMemory<byte> bytes, ISendSource source, CancellationToken cancellationToken)
    {
        if (_owed > 0)
        {
            bytes = bytes[..Math.Min(_owed, bytes.Length)];
            _owed -= bytes.Length;
            connection.LendAgain(bytes);
        }
        else if (!connection.TryLend(context.Response.BodyWriter, bytes))
        {
            _copying = new CopyingBodyOutput(context, sends, Watch());
            return _copying.WriteAsync(bytes, source, cancellationToken);
        }

        if (!connection.TrySend())
        {
            return SendRecallablePiecesAsync(bytes.Length, source, cancellationToken);
        }

        return Sent(bytes.Length) ? new(bytes.Length) : ValueTask.FromException<int>(ConnectionClosed(cancellationToken));
    }

    private async ValueTask StartAndLendAsync(Task start, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await start;
        await LendAsync(bytes, cancellationToken);
    }

    private ValueTask LendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (!connection.TryLend(context.Response.BodyWriter, bytes))
        {
            _copying ??= new CopyingBodyOutput(context, sends, Watch());
            return _copying.WriteAsync(bytes, cancellationToken);
        }

        if (!connection.TrySend())
        {
            return SendPiecesAsync(bytes.Length, cancellationToken);
        }

        return Sent(bytes.Length) ? default : ValueTask.FromException(ConnectionClosed(cancellationToken));
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))] // fast servers usually have pending sends: a slice must not allocate
    private async ValueTask SendPiecesAsync(int length, CancellationToken cancellationToken)
    {
        var watch = Watch();
        await using var cancellation = cancellationToken.UnsafeRegister(static connection => ((LendingOutput)connection!).Abort(), connection);
        do
        {
            connection.PreparePiece();
            watch.WriteBegins();
            await connection.SendPieceAsync();
            watch.WriteEnds();
        }
        while (!connection.TrySend());

        if (!Sent(length))
        {
            throw ConnectionClosed(cancellationToken);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> SendRecallablePiecesAsync(int length, ISendSource source, CancellationToken cancellationToken)
    {
        var watch = Watch();
        var pending = _pending ??= source.Pending ?? new PendingSend(sends, source);
        await using var cancellation = cancellationToken.UnsafeRegister(static connection => ((LendingOutput)connection!).Abort(), connection);
        do
        {
            connection.PreparePiece();
            pending.WaitBegins();
            watch.WriteBegins();
            await connection.SendPieceAsync();
            watch.WriteEnds();
            if (pending.WaitEnds())
            {
                var rest = connection.Withdraw();
                _owed += rest;
                length -= rest;
                break;
            }
        }
        while (!connection.TrySend());

        pending.End();
        return Sent(length) ? length : throw ConnectionClosed(cancellationToken);
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

    private static OperationCanceledException ConnectionClosed(CancellationToken cancellationToken) => new("The connection is closed.", cancellationToken);
}
