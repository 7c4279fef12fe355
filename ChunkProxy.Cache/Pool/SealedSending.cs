using System.Buffers;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Security;

namespace ChunkProxy.Cache.Pool;

/// <summary>Provides a slice block by block, each complete, to be sent after its tag.</summary>
internal sealed class SealedSending(ChunkLease lease, Slice slice, SealedBlocks blocks, BlockTags tags) : IDisposable
{
    private readonly byte[] _tag = new byte[BlockTags.Size];
    private byte[]? _gathered;
    private int _block;

    /// <summary>Waits for the block that starts at <paramref name="offset"/>.</summary>
    /// <returns>The block's bytes, valid until the next call.</returns>
    public async ValueTask<ReadOnlyMemory<byte>> NextAsync(int offset, CancellationToken cancellationToken)
    {
        var bytes = await BlockAsync(offset, blocks.EndOf(slice, offset) - offset, cancellationToken).ConfigureAwait(false);
        tags.Compute(_block++, bytes.Span, _tag);
        return bytes;
    }

    /// <summary>Writes the tag of the block that <see cref="NextAsync"/> returned last.</summary>
    public void WriteTag(IBufferWriter<byte> body) => body.Write(_tag);

    public void Dispose() => tags.Dispose();

    private async ValueTask<ReadOnlyMemory<byte>> BlockAsync(int offset, int length, CancellationToken cancellationToken)
    {
        var bytes = await lease.ReadAsync(offset, length, cancellationToken).ConfigureAwait(false);
        if (bytes.Length == length)
        {
            return bytes;
        }

        // The chunk's own buffer keeps the bytes that have arrived. Memory of other streams is valid only until the next read, so it is copied.
        var buffer = lease.Buffer?.Memory;
        Memory<byte> gathered = buffer is null ? _gathered ??= new byte[blocks.Grid] : default;
        for (var count = 0; ;)
        {
            if (buffer is null)
            {
                bytes.CopyTo(gathered[count..]);
            }

            count += bytes.Length;
            if (count == length)
            {
                return buffer?.Slice(offset, length) ?? gathered[..length];
            }

            bytes = await lease.ReadAsync(offset + count, length - count, cancellationToken).ConfigureAwait(false);
        }
    }
}
