using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Lookup;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.ZeroCopy;

namespace ChunkProxy.Cache.Pool;

/// <summary>A slice that is being sent to another member. Offsets count from the first byte of the chunk.</summary>
/// <remarks>While the member is slow, because its client is, the lease may be given back. The rest of the slice is opened again when the member reads on.</remarks>
/// <param name="slices">Opens the slice.</param>
/// <param name="chunk">The chunk.</param>
/// <param name="slice">The part of it that is sent.</param>
/// <param name="onlyIfHeld">Whether it is opened only here, and neither from the origin nor from another member.</param>
internal sealed class SliceSending(SliceReads slices, Chunk chunk, Slice slice, bool onlyIfHeld) : ISendSource, IDisposable
{
    private ChunkLease _lease;
    private bool _isOpen;
    private byte[]? _gathered;

    public Slice Slice => slice;

    /// <inheritdoc cref="ChunkLease.IsInMemory"/>
    public bool IsInMemory => _lease.IsInMemory;

    public ReadReport Report => _lease.Report;

    public long HeldBytes => _lease.HeldBytes + (_gathered?.Length ?? 0);

    public HeldConnection Connection => _lease.HeldConnection;

    /// <summary>Opens the slice. Returns false if only a held one is wanted, and none of its bytes are here.</summary>
    /// <exception cref="ChunkReadException">The bytes are unavailable from every source.</exception>
    public ValueTask<bool> TryOpenAsync(CancellationToken cancellationToken) => TryOpenAsync(slice, cancellationToken);

    /// <summary>Returns at least one byte and at most <paramref name="most"/>, as soon as any are available. They are valid until the next call, and until they are given back.</summary>
    /// <exception cref="ChunkReadException">The bytes are unavailable.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(int offset, int most, CancellationToken cancellationToken)
    {
        if (!_isOpen && !await TryOpenAsync(slice.From(offset), cancellationToken).ConfigureAwait(false))
        {
            throw new ChunkReadException(ProxyError.Overloaded, "The chunk was evicted while the member that asked for it was slow.");
        }

        return await _lease.ReadAsync(offset, most, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Returns exactly <paramref name="length"/> bytes. They are valid until the next call, and until they are given back.</summary>
    /// <exception cref="ChunkReadException">The bytes are unavailable.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadWholeAsync(int offset, int length, CancellationToken cancellationToken)
    {
        var bytes = await ReadAsync(offset, length, cancellationToken).ConfigureAwait(false);
        if (bytes.Length == length)
        {
            return bytes;
        }

        // The chunk's own buffer keeps the bytes that have arrived. Memory of other streams is valid only until the next read, so it is copied.
        var buffer = _lease.Buffer?.Memory;
        Memory<byte> gathered = buffer is null ? Gathered(length) : default;
        for (var count = 0; ;)
        {
            if (buffer is null)
            {
                bytes.CopyTo(gathered[count..]);
            }

            count += bytes.Length;
            if (count == length)
            {
                return buffer?.Slice(offset, length) ?? gathered;
            }

            bytes = await _lease.ReadAsync(offset + count, length - count, cancellationToken).ConfigureAwait(false);
        }
    }

    public void GiveBack()
    {
        Dispose();
        _gathered = null;
    }

    public void Dispose()
    {
        if (_isOpen)
        {
            _isOpen = false;
            _lease.Dispose();
        }
    }

    private async ValueTask<bool> TryOpenAsync(Slice wanted, CancellationToken cancellationToken)
    {
        var lease = onlyIfHeld
            ? await slices.TryOpenHeldAsync(chunk, wanted, cancellationToken).ConfigureAwait(false)
            : await slices.OpenForPeerAsync(chunk, wanted, cancellationToken).ConfigureAwait(false);
        _lease = lease ?? default;
        return _isOpen = lease is not null;
    }

    private Memory<byte> Gathered(int length)
    {
        if (_gathered is null || _gathered.Length < length)
        {
            _gathered = new byte[length];
        }

        return _gathered.AsMemory(0, length);
    }
}
