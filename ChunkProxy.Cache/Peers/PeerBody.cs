using System.Buffers;
using System.Runtime.CompilerServices;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Peers.Health;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Security;

namespace ChunkProxy.Cache.Peers;

/// <summary>The bytes of a slice from a peer's response. With a pool key, a block is verified before any of its bytes are returned.</summary>
/// <param name="bytes">The response body; disposed of with this instance.</param>
/// <param name="chunk">The chunk.</param>
/// <param name="slice">The requested slice.</param>
/// <param name="blocks">The division of the slice into blocks.</param>
/// <param name="tags">Verifies the blocks; null if the body has no tags.</param>
internal sealed class PeerBody(PeerBytes bytes, Chunk chunk, Slice slice, SealedBlocks blocks, BlockTags? tags) : IDisposable
{
    private readonly byte[] _tag = new byte[BlockTags.Size]; // tag of the next block, if already read
    private bool _hasTag;
    private int _position = slice.Offset;
    private int _block;
    private byte[]? _rest; // a block that did not fit the caller's buffer
    private int _restStart;
    private int _restEnd;

    /// <summary>Reads at least one of the remaining bytes.</summary>
    /// <exception cref="PeerBrokeException">
    /// The peer broke off, was silent or stalled, or sent a block with a wrong tag. The peer is avoided from then on; bytes read so far are valid.
    /// </exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (_restStart < _restEnd)
        {
            return Passed(TakeRest(destination.Span));
        }

        if (tags is null)
        {
            return Passed(await bytes.ReadAsync(destination[..Math.Min(destination.Length, slice.End - _position)], cancellationToken).ConfigureAwait(false));
        }

        var length = blocks.EndOf(slice, _position) - _position;
        if (destination.Length >= length)
        {
            await ReadBlockAsync(tags, destination, length, cancellationToken).ConfigureAwait(false);
            return Passed(length);
        }

        _rest ??= ArrayPool<byte>.Shared.Rent(blocks.Grid + BlockTags.Size);
        await ReadBlockAsync(tags, _rest, length, cancellationToken).ConfigureAwait(false);
        (_restStart, _restEnd) = (0, length);
        return Passed(TakeRest(destination.Span));
    }

    public void Dispose()
    {
        bytes.Dispose();
        tags?.Dispose();
        if (_rest is not null)
        {
            ArrayPool<byte>.Shared.Return(_rest);
        }
    }

    private int Passed(int count)
    {
        _position += count;
        bytes.Subject = PeerSubject.Of(chunk, _position);
        return count;
    }

    private int TakeRest(Span<byte> destination)
    {
        var count = Math.Min(destination.Length, _restEnd - _restStart);
        _rest.AsSpan(_restStart, count).CopyTo(destination);
        _restStart += count;
        return count;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ReadBlockAsync(BlockTags verifier, Memory<byte> room, int length, CancellationToken cancellationToken)
    {
        if (!_hasTag)
        {
            await ReadExactlyAsync(_tag, cancellationToken).ConfigureAwait(false);
        }

        // If the buffer has room, the next block's tag is read along with this block, which saves a system call per block. The next block overwrites
        // it.
        var withTag = _position + length < slice.End && room.Length >= length + BlockTags.Size;
        await ReadExactlyAsync(room[..(withTag ? length + BlockTags.Size : length)], cancellationToken).ConfigureAwait(false);
        if (!verifier.Accepts(_block++, room.Span[..length], _tag))
        {
            throw bytes.Broken(PeerReadOutcome.Unproven);
        }

        _hasTag = withTag;
        if (withTag)
        {
            room.Span.Slice(length, BlockTags.Size).CopyTo(_tag);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ReadExactlyAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        while (!destination.IsEmpty)
        {
            destination = destination[await bytes.ReadAsync(destination, cancellationToken).ConfigureAwait(false)..];
        }
    }
}
