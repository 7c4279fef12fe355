using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Reads;

/// <summary>The bytes of one slice while they are arriving.</summary>
public interface IChunkStream
{
    ReadReport Report { get; }

    /// <summary>
    /// The buffer of the chunk that is being filled, valid until the stream is closed; null if the bytes go into no chunk's buffer.
    /// </summary>
    ChunkBuffer? Buffer => null;

    /// <summary>
    /// Returns bytes from <paramref name="offset"/>, counted from the chunk's first byte: at least one and at most <paramref name="maxLength"/>, as
    /// soon as any are available.
    /// </summary>
    /// <remarks>
    /// The memory is valid until the next call or until the stream is closed. Offsets must ascend and stay inside the opened slice.
    /// </remarks>
    /// <exception cref="ChunkReadException">The bytes are unavailable from every source.</exception>
    ValueTask<ReadOnlyMemory<byte>> ReadAsync(int offset, int maxLength, CancellationToken cancellationToken);

    /// <summary>Releases the stream's resources. Must be called once.</summary>
    void Close();
}
