using System.Buffers;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Security;

namespace ChunkProxy.Cache.Pool;

/// <summary>Brings the blocks of a slice one after the other, each as a whole, to be sent behind its tag.</summary>
internal sealed class SealedSending(ChunkLease lease, Slice slice, SealedBlocks blocks, BlockTags tags) : IDisposable
{
    private readonly byte[] _tag = new byte[BlockTags.Size];
    private byte[]? _gathered;
    private int _block;

    /// <summary>Waits for the block that begins at <paramref name="offset"/>.</summary>
    /// <returns>The block's bytes; valid until the next call.</returns>
    public async ValueTask<ReadOnlyMemory<byte>> NextAsync(int offset, CancellationToken cancellationToken)
    {
        var bytes = await BlockAsync(offset, blocks.EndOf(slice, offset) - offset, cancellationToken).ConfigureAwait(false);
        tags.Compute(_block++, bytes.Span, _tag);
        return bytes;
    }

    /// <summary>Writes the tag of the block that <see cref="NextAsync"/> brought last.</summary>
    public void WriteTag(IBufferWriter<byte> body) => body.Write(_tag);

    public void Dispose() => tags.Dispose();

    private async ValueTask<ReadOnlyMemory<byte>> BlockAsync(int offset, int length, CancellationToken cancellationToken)
    {
        var bytes = await lease.ReadAsync(offset, length, cancellationToken).ConfigureAwait(false);
        if (bytes.Length == length)
        {
            return bytes;
        }

        // The chunk's own buffer keeps what has arrived; another stream's memory is valid until the next read only.
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
