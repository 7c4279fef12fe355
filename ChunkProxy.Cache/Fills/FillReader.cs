using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Fills;

/// <summary>One reader of a fill. It reads the available bytes at its own pace, and never blocks the fill or other readers.</summary>
internal sealed class FillReader(ChunkFill fill, ChunkBuffer buffer, Slice slice, bool collapsed) : IChunkStream, IByteWaiter
{
    public ChunkBuffer Buffer => buffer;

    public ReadReport Report => new(fill.Source, collapsed);

    /// <inheritdoc/>
    public int WaitsFor { get; set; } = -1;

    /// <inheritdoc/>
    public int Wanted => slice.Length;

    /// <inheritdoc/>
    public int ReadBytes { get; private set; }

    /// <summary>Completes when the slice's first byte is available.</summary>
    public async ValueTask WaitForFirstByteAsync(CancellationToken cancellationToken) =>
        await ReadAsync(slice.Offset, 1, cancellationToken).ConfigureAwait(false);

    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(int offset, int maxLength, CancellationToken cancellationToken)
    {
        var end = fill.FilledEnd(this, offset, out var changed);
        return end > offset ? new(Bytes(offset, end, maxLength)) : WaitAsync(offset, maxLength, changed, cancellationToken);
    }

    public void Close() => fill.Leave(this);

    private async ValueTask<ReadOnlyMemory<byte>> WaitAsync(int offset, int maxLength, Task changed, CancellationToken cancellationToken)
    {
        int end;
        do
        {
            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
            end = fill.FilledEnd(this, offset, out changed);
        }
        while (end == offset);

        return Bytes(offset, end, maxLength);
    }

    private ReadOnlyMemory<byte> Bytes(int offset, int end, int maxLength)
    {
        end = Math.Min(end, offset + maxLength);
        ReadBytes = Math.Max(ReadBytes, end - slice.Offset);
        return buffer.Memory[offset..end];
    }
}
