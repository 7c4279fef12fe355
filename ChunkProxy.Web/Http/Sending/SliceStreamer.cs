using System.Runtime.CompilerServices;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.ZeroCopy;
using ChunkProxy.Web.Exchanges;
using ChunkProxy.Web.Http.Ranges;

namespace ChunkProxy.Web.Http.Sending;

/// <summary>[6] Streams the ranges of one response, slice by slice. Returns every lease, however the response ends.</summary>
/// <remarks>While the client is slow, the leases may be given back. The rest of the slice is opened again when the client reads on.</remarks>
internal sealed class SliceStreamer : IDisposable, ISendSource
{
    private readonly ObjectVersion _version;
    private readonly int _client; // a hash, for the activity
    private readonly int _chunkSize;
    private readonly LookAheadWindow _window;
    private readonly LookAhead _lookAhead;
    private readonly Exchange _exchange;
    private readonly CancellationToken _clientGone;

    private OpenedSlice _current;
    private bool _isNew;
    private int _heatedTo = -1;
    private bool _isOpen;
    private ReadOnlyMemory<byte> _firstBytes;

    public SliceStreamer(
        IChunkReader reader, ObjectVersion version, RangeOutcome ranges, int lookAheadLimit, Exchange exchange, CancellationToken clientGone, ObjectActivity? activity = null)
    {
        _version = version;
        Activity = activity;
        _client = activity is null ? 0 : exchange.Client?.GetHashCode() ?? 0;
        _chunkSize = version.Layout.ChunkSize;
        _window = new LookAheadWindow(version.Layout.ChunkSize, lookAheadLimit);
        _lookAhead = new LookAhead(reader, version, new SliceCursor(version.Layout, ranges), _window, exchange.Client, clientGone);
        _exchange = exchange;
        _clientGone = clientGone;
    }

    /// <summary>Counts the slices; null if the object is not counted.</summary>
    public ObjectActivity? Activity { get; }

    public long HeldBytes => _current.Lease.HeldBytes + ((long)_lookAhead.Opened * _chunkSize);

    public HeldConnection Connection => _current.Lease.HeldConnection;

    public void GiveBack()
    {
        Close();
        _lookAhead.GiveBack();
    }

    /// <summary>Opens the first slice and waits for its first bytes. A failure up to this point can still set the status.</summary>
    /// <param name="isNew">Whether the origin's response that brought the version has brought these bytes too: a miss, wherever they are by now.</param>
    /// <exception cref="ChunkReadException">The first bytes are unavailable.</exception>
    public async ValueTask<ReadReport> OpenFirstAsync(bool isNew = false)
    {
        _isNew = isNew;
        await OpenNextAsync();
        _firstBytes = await ReadAsync(_current.Slice.Offset);
        return _current.Lease.Report;
    }

    /// <summary>Sends the next range of the response, in the order given to the constructor.</summary>
    /// <exception cref="ChunkReadException">The remaining bytes are unavailable. Some bytes may have been sent.</exception>
    public async ValueTask WriteRangeAsync(ByteRange range, IBodyOutput output)
    {
        for (var offset = range.Start; offset < range.End; offset += _current.Slice.Length)
        {
            if (!_isOpen)
            {
                await OpenNextAsync();
            }

            await WriteSliceAsync(output);
            if (_isOpen) // else it was given back at its last bytes
            {
                Close();
            }
        }
    }

    public void Dispose()
    {
        if (_isOpen)
        {
            Close();
        }

        _lookAhead.Dispose();
    }

    private async ValueTask OpenNextAsync()
    {
        var next = _lookAhead.NextAsync();
        if (!next.IsCompleted)
        {
            _exchange.WaitBegins();
        }

        _current = await next;
        _isOpen = true;
        _exchange.WaitEnds();
        var source = _current.Lease.Report.Source;
        _exchange.ReadFrom(source);
        if (Activity is { } activity)
        {
            var (start, slice) = (_version.Layout.StartOf(_current.Slice.ChunkIndex), _current.Slice);
            activity.Read(_client, source.IsHit() && !_isNew);
            _isNew = false;
            _heatedTo = activity.Heated(_version, start + slice.Offset, start + slice.End, _heatedTo);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WriteSliceAsync(IBodyOutput output)
    {
        if (!_current.IsHot)
        {
            _lookAhead.Refill();
        }

        var slice = _current.Slice;
        var clientWaited = false;
        var clientPended = false;
        for (var offset = slice.Offset; offset < slice.End;)
        {
            var bytes = _firstBytes;
            _firstBytes = default;
            if (bytes.IsEmpty)
            {
                if (!_isOpen)
                {
                    await OpenAgainAsync(offset);
                }

                var read = ReadAsync(offset);
                if (!read.IsCompleted)
                {
                    clientWaited = true;
                    _exchange.WaitBegins();
                }

                bytes = await read;
                _exchange.WaitEnds();
            }

            var write = output.WriteAsync(bytes, this, _clientGone);
            clientPended |= !write.IsCompleted;
            offset += await write;
        }

        if (clientWaited)
        {
            _window.ClientWaited();
        }
        else if (clientPended)
        {
            _window.ClientWasSlower();
        }
    }

    private async ValueTask OpenAgainAsync(int offset)
    {
        var slice = _current.Slice;
        _exchange.WaitBegins();
        var rest = await _lookAhead.OpenNowAsync(slice.From(offset));
        _current = rest with { Slice = slice };
        _isOpen = true;
        _exchange.WaitEnds();
    }

    private ValueTask<ReadOnlyMemory<byte>> ReadAsync(int offset) => _current.Lease.ReadAsync(offset, _current.Slice.End - offset, _clientGone);

    private void Close()
    {
        _isOpen = false;
        _current.Lease.Dispose();
    }
}
