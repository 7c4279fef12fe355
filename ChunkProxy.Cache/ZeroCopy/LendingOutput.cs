using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace ChunkProxy.Cache.ZeroCopy;

/// <summary>Output of a connection that accepts lent memory. Everything goes directly to the socket.</summary>
/// <remarks>
/// Bytes that the server writes are buffered until the next flush. Lent memory follows them, uncopied. The server receives it as the buffer into
/// which to write the body, so it counts the bytes like all others, and content length, keep-alive and pipelining stay correct. Between GetMemory and
/// Advance the server touches no byte, and no other caller receives that memory: it is handed out only inside <see cref="TryLend"/>.
/// <para>
/// One writer at a time. A failed send is a flush after which the connection is gone, not an exception: clients disconnect all the time.
/// </para>
/// </remarks>
internal sealed class LendingOutput(ConnectionContext connection, Socket socket, PipeWriter transport) : PipeWriter, IDisposable
{
    // Unit of sends after the socket was full: progress of a slow client is observed this often.
    private const int PieceSize = 64 * 1024;

    // Copied while the socket is full, so that a client that reads nothing costs this much. When the socket has room again, the lent memory is sent.
    private const int CopiedPiece = 4 * 1024;

    private readonly SafeSocketHandle _handle = socket.SafeHandle;
    private readonly SocketSend _send = new();
    private readonly WrittenBytes _written = new();
    private ReadOnlyMemory<byte> _offered;
    private bool _isHandedOut;
    private ReadOnlyMemory<byte> _lent; // sent after the written bytes

    /// <summary>Whether the connection is lost. Further writes are dropped.</summary>
    public bool IsGone { get; private set; }

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _written.Unsent.Length + _lent.Length;

    /// <summary>Returns the output of the request's connection, or null if the body cannot be lent. Call it before the head is sent.</summary>
    /// <remarks>HTTP/1.1 with a known length only: with chunked encoding the server would write its own bytes around each piece.</remarks>
    public static LendingOutput? Of(HttpContext context) =>
        context.Response.ContentLength > 0 && HttpProtocol.IsHttp11(context.Request.Protocol) && HttpMethods.IsGet(context.Request.Method)
            ? context.Features.Get<LendingOutput>()
            : null;

    /// <summary>Queues bytes after those written. They are in use until they are sent.</summary>
    /// <param name="body">Body of the response, after the response was started.</param>
    /// <param name="bytes">Not empty.</param>
    /// <returns>False if something lies between the body and this connection (TLS, a filter, an unfinished flush): write to the body.</returns>
    public bool TryLend(PipeWriter body, ReadOnlyMemory<byte> bytes)
    {
        _offered = bytes;
        try
        {
            var given = body.GetMemory(bytes.Length);
            if (!_isHandedOut || given.Length != bytes.Length || !Unsafe.AreSame(ref MemoryMarshal.GetReference(given.Span), ref MemoryMarshal.GetReference(bytes.Span)))
            {
                return false;
            }

            body.Advance(bytes.Length);
            if (_lent.IsEmpty)
            {
                MarkGone(); // aborted meanwhile: the server counted the bytes and dropped them
            }

            return true;
        }
        finally
        {
            _offered = default;
            _isHandedOut = false;
        }
    }

    /// <summary>Sends what the socket accepts at once. Returns true when nothing is left to send, or the connection is lost.</summary>
    public bool TrySend()
    {
        if (IsGone)
        {
            MarkGone();
            return true;
        }

        var written = _written.Unsent;
        if (written.IsEmpty && _lent.IsEmpty)
        {
            return true;
        }

        Sent(GatherSend.TrySend(_handle, written.Span, _lent.Span));
        return UnflushedBytes == 0;
    }

    /// <summary>Copies the next piece of the lent memory, so that <see cref="SendPieceAsync"/> uses none of it. Call it after <see cref="TrySend"/>.</summary>
    public void PreparePiece()
    {
        if (_written.Unsent.IsEmpty && !_lent.IsEmpty)
        {
            var piece = _lent[..Math.Min(_lent.Length, CopiedPiece)];
            piece.CopyTo(_written.GetMemory(piece.Length));
            _written.Advance(piece.Length);
            _lent = Rest(piece.Length);
        }
    }

    /// <summary>Waits until a prepared piece is sent. No lent memory is in use meanwhile.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SendPieceAsync()
    {
        var next = _written.Unsent;
        Sent(await _send.SendAsync(socket, next[..Math.Min(next.Length, PieceSize)]).ConfigureAwait(false));
    }

    /// <summary>Drops the lent bytes that are not sent yet, and returns their number. They must follow by <see cref="LendAgain"/>.</summary>
    public int Withdraw()
    {
        var length = _lent.Length;
        _lent = default;
        return length;
    }

    /// <summary>Queues bytes that the server has counted already.</summary>
    public void LendAgain(ReadOnlyMemory<byte> bytes)
    {
        if (!IsGone)
        {
            _lent = bytes;
        }
    }

    /// <summary>Aborts the connection and any pending send. Any thread.</summary>
    public void Abort() => connection.Abort(new ConnectionAbortedException("The response was aborted."));

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_offered.IsEmpty || sizeHint != _offered.Length)
        {
            return _written.GetMemory(sizeHint);
        }

        _isHandedOut = true;
        return MemoryMarshal.AsMemory(_offered);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => _written.GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        if (!_isHandedOut)
        {
            _written.Advance(bytes);
        }
        else if (bytes == _offered.Length)
        {
            _lent = _offered;
        }
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<FlushResult>(cancellationToken);
        }

        return TrySend() ? new(new FlushResult(isCanceled: false, IsGone)) : FlushPiecesAsync(cancellationToken);
    }

    /// <summary>Does nothing: the server ends a flush by aborting the connection, which ends the send.</summary>
    public override void CancelPendingFlush()
    {
    }

    /// <summary>Lets the transport end the connection. All bytes are sent by then, because a flush completes only after its bytes are sent.</summary>
    public override void Complete(Exception? exception = null) => transport.Complete(exception);

    /// <summary>Called when the server is done with the connection.</summary>
    public void Dispose()
    {
        _written.Clear();
        _send.Dispose();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FlushResult> FlushPiecesAsync(CancellationToken cancellationToken)
    {
        await using var cancellation = cancellationToken.UnsafeRegister(static output => ((LendingOutput)output!).Abort(), this).ConfigureAwait(false);
        do
        {
            PreparePiece();
            await SendPieceAsync().ConfigureAwait(false);
        }
        while (!TrySend());
        return new FlushResult(isCanceled: false, IsGone);
    }

    private void Sent(int? count)
    {
        if (count is not { } sent)
        {
            MarkGone();
            Abort();
            return;
        }

        var ofWritten = Math.Min(sent, _written.Unsent.Length);
        if (ofWritten > 0)
        {
            _written.Sent(ofWritten);
        }

        _lent = Rest(sent - ofWritten);
    }

    // Not an empty slice: it would still refer to the lent memory, which by the next flush is unmapped or holds another chunk.
    private ReadOnlyMemory<byte> Rest(int sent) => sent == _lent.Length ? default : _lent[sent..];

    private void MarkGone()
    {
        IsGone = true;
        _written.Clear();
        _lent = default;
    }
}
