using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Reads;

/// <summary>The right to read one slice; to be returned with <see cref="Dispose"/> once, when no byte of it is in use any more.</summary>
/// <remarks>
/// A hit in memory is a counted reference to the chunk's own buffer and costs no allocation; anything else is a stream that
/// delivers while it fills. Memory handed out is read-only by contract: it is the cached chunk itself.
/// </remarks>
public readonly struct ChunkLease : IDisposable
{
    private readonly ChunkBuffer? _buffer;
    private readonly IChunkStream? _stream;
    private readonly ChunkSource _source;

    /// <summary>Takes over one reference of <paramref name="buffer"/>.</summary>
    public ChunkLease(ChunkBuffer buffer, ChunkSource source)
    {
        _buffer = buffer;
        _source = source;
    }

    public ChunkLease(IChunkStream stream) => _stream = stream;

    /// <summary>Takes the stream over, and completes when its first bytes are there. Closes it where they are not to be had.</summary>
    /// <param name="stream">The stream of a slice, of which nothing was read yet.</param>
    /// <param name="offset">Where the slice begins in its chunk.</param>
    /// <param name="cancellationToken">Gives the opening up.</param>
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

    /// <summary>All bytes of the slice are in this process's memory: <see cref="ReadAsync"/> completes at once with all that is asked.</summary>
    public bool IsInMemory => _buffer is not null;

    /// <summary>The chunk's own buffer, in memory or being filled; referenced for as long as the lease is held. Null where the bytes are nobody's chunk.</summary>
    internal ChunkBuffer? Buffer => _buffer ?? _stream?.Buffer;

    public ReadReport Report => _stream?.Report ?? new ReadReport(_source, Collapsed: false);

    /// <inheritdoc cref="IChunkStream.ReadAsync"/>
    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(int offset, int maxLength, CancellationToken cancellationToken) =>
        _stream is null ? new(_buffer!.Memory.Slice(offset, maxLength)) : _stream.ReadAsync(offset, maxLength, cancellationToken);

    public void Dispose()
    {
        _buffer?.Release();
        _stream?.Close();
    }
}
