using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Origin;

/// <summary>The body of one response, read in order. Tracks its position in the object and detects a premature end.</summary>
internal sealed class OriginBody(OriginStream stream, ByteRange bytes, bool isWhole) : IDisposable
{
    /// <summary>Offset in the object of the next byte that <see cref="ReadAsync"/> returns.</summary>
    public long Position { get; private set; } = bytes.Start;

    /// <summary>One past the last byte of this body, as an offset in the object. The origin may have sent less than requested.</summary>
    public long End { get; } = bytes.End;

    /// <summary>Whether the response contains the whole object, requested or not.</summary>
    public bool IsWhole { get; } = isWhole;

    /// <summary>Whether all bytes were read.</summary>
    public bool IsAtEnd => Position >= End;

    /// <summary>Reads at least one of the remaining bytes.</summary>
    /// <exception cref="ChunkReadException">
    /// The body broke off or stalled. Bytes read so far are valid; a new request may resume at <see cref="Position"/>.
    /// </exception>
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        var count = await stream.ReadAsync(destination[..(int)Math.Min(destination.Length, End - Position)], cancellationToken).ConfigureAwait(false);
        if (count == 0)
        {
            throw new ChunkReadException(ProxyError.OriginUnreachable, $"the origin's response ended at byte {Position} of {End}");
        }

        Position += count;
        return count;
    }

    public void Dispose() => stream.Dispose();
}
