using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace ChunkProxy.Cache.ZeroCopy;

/// <summary>What the server writes to on a connection that can be lent memory: everything goes straight to the socket.</summary>
/// <remarks>
/// What the server writes is kept until the next flush. Lent memory goes out behind it, uncopied: it is handed to the server as the memory
/// that the server writes the body into, so the server counts its bytes like any others, and content length, keep-alive and pipelining stay
/// right. The server touches nothing between getting that memory and saying how much of it counts, and no one else is given it: it is handed
/// out only inside <see cref="TryLend"/>.
/// <para>
/// One writer at a time. A send that fails is a flush after which the connection is gone, no exception: clients leave all the time.
/// </para>
/// </remarks>
internal sealed class LendingOutput(ConnectionContext connection, Socket socket, PipeWriter transport) : PipeWriter, IDisposable
{
    // Of what did not fit into the socket, at a time: whoever watches over a slow client sees progress as often as this.
    private const int PieceSize = 64 * 1024;

    private readonly SafeSocketHandle _handle = socket.SafeHandle;
    private readonly SocketSend _send = new();
    private readonly WrittenBytes _written = new();
    private ReadOnlyMemory<byte> _offered;
    private bool _isHandedOut;
    private ReadOnlyMemory<byte> _lent; // goes out behind what was written

    /// <summary>Nothing reaches the client any more; writes are dropped.</summary>
    public bool IsGone { get; private set; }

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _written.Unsent.Length + _lent.Length;

    /// <summary>Returns the output of the request's connection, if its body can be lent to it; its head must not have been sent.</summary>
    /// <remarks>HTTP/1.1 with a known length: in chunks the server would write its own bytes around each piece.</remarks>
    public static LendingOutput? Of(HttpContext context) =>
        context.Response.ContentLength > 0 && HttpProtocol.IsHttp11(context.Request.Protocol) && HttpMethods.IsGet(context.Request.Method)
            ? context.Features.Get<LendingOutput>()
            : null;

    /// <summary>Puts bytes behind what was written; they are in use until they are sent.</summary>
    /// <param name="body">The response's body, after the response has been started.</param>
    /// <param name="bytes">Not empty.</param>
    /// <returns>False if something lies between the body and this connection (TLS, a filter, an unfinished flush): write the bytes to the body.</returns>
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
                GiveUp(); // aborted since: the server counted the bytes and dropped them
            }

            return true;
        }
        finally
        {
            _offered = default;
            _isHandedOut = false;
        }
    }

    /// <summary>Sends what the socket takes at once. True: nothing is left to be sent, or the connection is gone.</summary>
    public bool TrySend()
    {
        if (IsGone)
        {
            GiveUp();
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

    /// <summary>Waits until a piece of what is left has been sent. To be called after <see cref="TrySend"/> has returned false.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SendPieceAsync()
    {
        var next = _written.Unsent.IsEmpty ? _lent : _written.Unsent;
        Sent(await _send.SendAsync(socket, next[..Math.Min(next.Length, PieceSize)]).ConfigureAwait(false));
    }

    /// <summary>Ends the connection; a send that is pending ends too. For any thread.</summary>
    public void Abort() => connection.Abort(new ConnectionAbortedException("The answer was cut short."));

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

    /// <summary>Nothing: the server ends a flush by aborting the connection, which ends the send.</summary>
    public override void CancelPendingFlush()
    {
    }

    /// <summary>Lets the transport end the connection. All that was to be sent has been sent: flushes complete no sooner.</summary>
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
            await SendPieceAsync().ConfigureAwait(false);
        }
        while (!TrySend());
        return new FlushResult(isCanceled: false, IsGone);
    }

    private void Sent(int? count)
    {
        if (count is not { } sent)
        {
            GiveUp();
            Abort();
            return;
        }

        var ofWritten = Math.Min(sent, _written.Unsent.Length);
        if (ofWritten > 0)
        {
            _written.Sent(ofWritten);
        }

        // An empty rest would still be a part of the memory that was lent, which is another's by the time of the next flush, or gone.
        var ofLent = sent - ofWritten;
        _lent = ofLent == _lent.Length ? default : _lent[ofLent..];
    }

    private void GiveUp()
    {
        IsGone = true;
        _written.Clear();
        _lent = default;
    }
}
