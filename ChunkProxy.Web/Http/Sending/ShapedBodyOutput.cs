using ChunkProxy.Cache.ZeroCopy;
using ChunkProxy.Web.Clients;

namespace ChunkProxy.Web.Http.Sending;

/// <summary>Sends a body at the rate of its client, through another output.</summary>
/// <remarks>
/// While a piece waits, its source can be given back, as while it waits for a slow client. The piece has been charged to the rate by then, and is sent
/// first when the source has been opened again: a response whose source is always given back goes on. No thread waits. The head does not wait: it goes before the first wait.
/// </remarks>
internal sealed class ShapedBodyOutput(
    HttpContext context, IBodyOutput inner, BytePace pace, ClientLimits limits, PendingSends sends, TimeProvider time) : IBodyOutput, ISendSource
{
    private PendingSend? _pending;
    private ISendSource? _source;
    private bool _isGivenBack; // since the write began; written under the lock of _pending
    private int _paid; // bytes that were taken from the buckets and not sent

    public long BytesWritten => inner.BytesWritten;

    public bool ClientHasStalled => inner.ClientHasStalled;

    PendingSend? ISendSource.Pending => _pending;

    long ISendSource.HeldBytes => _source!.HeldBytes;

    HeldConnection ISendSource.Connection => _source!.Connection;

    void ISendSource.GiveBack()
    {
        _isGivenBack = true;
        _source!.GiveBack();
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            if (Pay(bytes.Length) is { Ticks: > 0 } delay)
            {
                await WaitAsync(delay, cancellationToken);
            }

            var piece = bytes[..Math.Min(_paid, bytes.Length)];
            await inner.WriteAsync(piece, cancellationToken);
            _paid -= piece.Length;
            bytes = bytes[piece.Length..];
        }
    }

    public async ValueTask<int> WriteAsync(ReadOnlyMemory<byte> bytes, ISendSource source, CancellationToken cancellationToken)
    {
        _source = source;
        _isGivenBack = false;
        _pending ??= new PendingSend(sends, this);
        var sent = 0;
        while (sent < bytes.Length && !_isGivenBack)
        {
            if (Pay(bytes.Length - sent) is { Ticks: > 0 } delay && await WaitAsync(delay, _pending, cancellationToken))
            {
                break;
            }

            var count = await inner.WriteAsync(bytes.Slice(sent, Math.Min(_paid, bytes.Length - sent)), this, cancellationToken);
            _paid -= count;
            sent += count;
        }

        _pending.End();
        return sent;
    }

    public void Dispose()
    {
        _pending?.End();
        pace.GiveBack(_paid);
        inner.Dispose();
    }

    // Takes bytes from the buckets, unless some are left. Returns the time until they may be sent.
    private TimeSpan Pay(int wanted)
    {
        var delay = TimeSpan.Zero;
        if (_paid == 0)
        {
            _paid = pace.Take(wanted, out delay);
        }

        return delay;
    }

    /// <summary>Returns whether the source was given back meanwhile.</summary>
    private async ValueTask<bool> WaitAsync(TimeSpan delay, PendingSend pending, CancellationToken cancellationToken)
    {
        pending.WaitBegins();
        try
        {
            await WaitAsync(delay, cancellationToken);
        }
        finally
        {
            pending.WaitEnds();
        }

        return _isGivenBack;
    }

    private async Task WaitAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        limits.WasDelayed(delay);
        var wait = Task.Delay(delay, time, cancellationToken);
        if (!context.Response.HasStarted)
        {
            await context.Response.BodyWriter.FlushAsync(cancellationToken); // the head
        }

        await wait;
    }
}
