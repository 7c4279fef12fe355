using ChunkProxy.Cache.Tiers.Memory;
using ChunkProxy.Cache.ZeroCopy;

namespace ChunkProxy.Cache.Reads;

/// <summary>The right to read one slice. Dispose it exactly once, when no byte of it is in use any more.</summary>
/// <remarks>
/// A hit in memory is a counted reference to the chunk's own buffer and costs no allocation. Any other lease is a stream that returns bytes as they
/// arrive. Returned memory is read-only by contract: it is the cached chunk itself.
/// </remarks>
public readonly struct ChunkLease : IDisposable
{
    // What a stream that bypasses the memory tier takes at most.
    private const int BytesOfStream = 256 * 1024;

    private readonly ChunkBuffer? _buffer;
    private readonly IChunkStream? _stream;
    private readonly ChunkSource _source;

    /// <summary>Takes ownership of one reference to <paramref name="buffer"/>.</summary>
    public ChunkLease(ChunkBuffer buffer, ChunkSource source)
    {
        _buffer = buffer;
        _source = source;
    }

    public ChunkLease(IChunkStream stream) => _stream = stream;

    /// <summary>Takes ownership of the stream, and completes when its first bytes have arrived. Closes the stream on failure.</summary>
    /// <param name="stream">The unread stream of a slice.</param>
    /// <param name="offset">Start of the slice in its chunk.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    internal static async ValueTask<ChunkLease> OpenAsync(IChunkStream stream, int offset, CancellationToken cancellationToken)
    {
        try
        {
            await stream.ReadAsync(offset, 1, cancellationToken).ConfigureAwait(false);
            return new ChunkLease(stream);
        }
        catch
        {
            stream.Close();
            throw;
        }
    }

    /// <summary>
    /// Whether all bytes of the slice are in this process's memory, so that <see cref="ReadAsync"/> returns at once everything requested.
    /// </summary>
    public bool IsInMemory => _buffer is not null;

    /// <summary>
    /// The chunk's own buffer, complete or being filled, referenced while the lease is held; null if the bytes are in no chunk's buffer.
    /// </summary>
    internal ChunkBuffer? Buffer => _buffer ?? _stream?.Buffer;

    /// <summary>Memory that cannot be evicted while the lease is held, in bytes.</summary>
    internal long HeldBytes => Buffer?.Length ?? BytesOfStream;

    /// <summary>The connection that stays open while the lease is held.</summary>
    internal HeldConnection HeldConnection => Buffer is not null ? HeldConnection.None : Report.Source switch
    {
        ChunkSource.Disk => HeldConnection.None,
        ChunkSource.Origin => HeldConnection.Origin,
        _ => HeldConnection.Peer,
    };

    public ReadReport Report => _stream?.Report ?? new ReadReport(_source, Collapsed: false);

    /// <inheritdoc cref="IChunkStream.ReadAsync"/>
    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(int offset, int maxLength, CancellationToken cancellationToken) =>
        _stream is null ? new(_buffer!.Memory.Slice(offset, maxLength)) : _stream.ReadAsync(offset, maxLength, cancellationToken);

    /// <summary>Reads the beginning of the chunk and ignores the bytes, so that the chunk is stored.</summary>
    /// <param name="length">Length of the slice, which begins with the chunk.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    internal async ValueTask ReadThroughAsync(int length, CancellationToken cancellationToken)
    {
        for (var offset = 0; offset < length;)
        {
            offset += (await ReadAsync(offset, length - offset, cancellationToken).ConfigureAwait(false)).Length;
        }
    }

    public void Dispose()
    {
        _buffer?.Release();
        _stream?.Close();
    }
}
