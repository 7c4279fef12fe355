using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Reads;

/// <summary>The bytes of one slice while they are still arriving.</summary>
public interface IChunkStream
{
    ReadReport Report { get; }

    /// <summary>The buffer of the chunk that is being filled, valid until the stream is closed. Null where the bytes do not go into a chunk's buffer.</summary>
    ChunkBuffer? Buffer => null;

    /// <summary>Returns the bytes at <paramref name="offset"/> (counted from the chunk's first byte): at least one, at most <paramref name="maxLength"/>, as soon as there are any.</summary>
    /// <remarks>The memory is valid until the next call or until the stream is closed. Offsets only go up, and stay inside the slice that was opened.</remarks>
    /// <exception cref="ChunkReadException">The bytes cannot be had from anywhere.</exception>
    ValueTask<ReadOnlyMemory<byte>> ReadAsync(int offset, int maxLength, CancellationToken cancellationToken);

    /// <summary>Gives back what the stream holds. Called once.</summary>
    void Close();
}
