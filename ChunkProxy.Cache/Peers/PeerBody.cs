using System.Buffers;
using System.Runtime.CompilerServices;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Security;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Peers.Health;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Peers;

/// <summary>The bytes of a slice, out of a peer's answer. With a key none is passed on before its block is verified.</summary>
/// <param name="bytes">The answer; disposed of with this.</param>
/// <param name="chunk">The chunk.</param>
/// <param name="slice">The slice that was asked for.</param>
/// <param name="blocks">How the slice is divided.</param>
/// <param name="tags">What the blocks are verified with; null: the bytes come without.</param>
internal sealed class PeerBody(PeerBytes bytes, Chunk chunk, Slice slice, SealedBlocks blocks, BlockTags? tags) : IDisposable
{
    private readonly byte[] _tag = new byte[BlockTags.Size]; // of the next block, if it has been read
    private bool _hasTag;
    private int _position = slice.Offset;
    private int _block;
    private byte[]? _rest; // of a block that was longer than the room for it
    private int _restStart;
    private int _restEnd;

    /// <summary>Reads at least one byte of those that are left.</summary>
    /// <exception cref="PeerBrokeException">The peer broke off, is silent or stuck, or sent a block that it cannot prove, and is avoided from now on; the bytes so far are good.</exception>
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

        // The next block's tag comes along, where there is room behind this block: a call of the system less for each. The next block is written over it.
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
