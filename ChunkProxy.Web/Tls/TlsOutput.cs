using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using ChunkProxy.Cache.ZeroCopy;
using Microsoft.AspNetCore.Connections;

namespace ChunkProxy.Web.Tls;

/// <summary>Output of a TLS connection: collects what the server writes, and encrypts it with one call per flush.</summary>
/// <remarks>
/// Kestrel's own output passes blocks of 4 KiB to TLS one by one, and each becomes a record with a call to encrypt and a call to send. Here a
/// record has 16 KiB, the most that TLS allows: about twice as many requests at half the CPU (docs/performance-log.md). A buffer is held only
/// between a write and the end of its flush, so idle connections hold none.
/// <para>
/// One writer at a time. A failed send is a flush after which the connection is gone, not an exception: clients disconnect all the time.
/// </para>
/// </remarks>
/// <param name="connection">The connection.</param>
/// <param name="tls">Encrypts.</param>
/// <param name="inner">The output that this one replaces.</param>
/// <param name="socket">Tells of failed sends, which TLS does not report; null: they show when the connection ends.</param>
internal sealed class TlsOutput(ConnectionContext connection, SslStream tls, PipeWriter inner, DirectSocket? socket) : PipeWriter, IDisposable
{
    private const int ForHeads = 4 * 1024; // bytes; fits nearly every head
    private const int ForBodies = 128 * 1024; // bytes; fits a head and the largest piece of a body

    private byte[] _buffer = [];
    private int _used;
    private bool _isWriting;
    private bool _hasFailed;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _used;

    private bool IsGone => _hasFailed || socket is { IsGone: true };

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        var wanted = Math.Max(1, sizeHint);
        if (_buffer.Length - _used < wanted)
        {
            Grow(wanted);
        }

        return _buffer.AsMemory(_used);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)bytes, (uint)(_buffer.Length - _used));
        _used += bytes;
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<FlushResult>(cancellationToken);
        }

        if (_used == 0 || IsGone)
        {
            Clear();
            return new(new FlushResult(isCanceled: false, IsGone));
        }

        _isWriting = true;
        var write = tls.WriteAsync(_buffer.AsMemory(0, _used), CancellationToken.None);
        if (!write.IsCompletedSuccessfully)
        {
            return FinishAsync(write, cancellationToken);
        }

        write.GetAwaiter().GetResult();
        _isWriting = false;
        Clear();
        return new(new FlushResult(isCanceled: false, IsGone));
    }

    /// <summary>Does nothing: the server ends a flush by aborting the connection, which ends the send.</summary>
    public override void CancelPendingFlush()
    {
    }

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    /// <summary>Called when the server is done with the connection.</summary>
    public void Dispose()
    {
        // The buffer of a write that has not ended stays with it: in the pool it would become another connection's.
        if (!_isWriting)
        {
            Clear();
        }
    }

    private async ValueTask<FlushResult> FinishAsync(ValueTask write, CancellationToken cancellationToken)
    {
        await using var cancellation = cancellationToken.UnsafeRegister(
            static connection => ((ConnectionContext)connection!).Abort(new ConnectionAbortedException("The response was aborted.")), connection);
        try
        {
            await write;
            _isWriting = false;
            Clear();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            _hasFailed = true;
            connection.Abort(new ConnectionAbortedException("The client disconnected.", e));
        }

        return new FlushResult(isCanceled: false, IsGone);
    }

    private void Grow(int wanted)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length == 0 ? ForHeads : ForBodies, _used + wanted));
        _buffer.AsSpan(0, _used).CopyTo(larger);
        var used = _used;
        Clear();
        (_buffer, _used) = (larger, used);
    }

    private void Clear()
    {
        _used = 0;
        if (_isWriting || _buffer.Length == 0)
        {
            return;
        }

        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }
}
