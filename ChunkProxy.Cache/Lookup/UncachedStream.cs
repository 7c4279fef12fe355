using System.Buffers;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Lookup;

/// <summary>Reads one slice directly from the origin, through a small buffer. Resumes at the byte reached if a response breaks off.</summary>
internal sealed class UncachedStream(OriginServers origins, PurgeLedger purges, UpstreamWaits waits, Chunk chunk, Slice slice) : IChunkStream
{
    private const int BufferSize = 64 * 1024;

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private OriginBody? _body;
    private int _position = slice.Offset; // of the buffer's first byte, in the chunk
    private int _count;

    public ReadReport Report => new(ChunkSource.Origin, Collapsed: false);

    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(int offset, int maxLength, CancellationToken cancellationToken)
    {
        if (offset < _position || offset >= _position + _count)
        {
            await BufferAsync(offset, cancellationToken).ConfigureAwait(false);
        }

        var skipped = offset - _position;
        return _buffer.AsMemory(skipped, Math.Min(maxLength, _count - skipped));
    }

    public void Close()
    {
        _body?.Dispose(); // does not wait: a cancelled read has ended before its exception leaves ReadAsync
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    private async ValueTask BufferAsync(int offset, CancellationToken cancellationToken)
    {
        _count = 0;
        using var wait = waits.ForChunk(chunk);
        var retry = new OriginRetry(origins.Of(chunk.Version.Id));
        while (true)
        {
            try
            {
                if (_body is { IsAtEnd: true })
                {
                    _body.Dispose(); // the origin sent less than requested
                    _body = null;
                }

                if (_body is null)
                {
                    purges.ThrowIfPurged(chunk.Version);
                }

                _body ??= await retry.Server.Client.OpenBodyAsync(
                    chunk.Version, new ByteRange(chunk.Start + offset, chunk.Start + slice.End), retry.Attempts, cancellationToken).ConfigureAwait(false);
                while (_body.Position < chunk.Start + offset)
                {
                    var distance = (int)Math.Min(BufferSize, chunk.Start + offset - _body.Position);
                    await _body.ReadAsync(_buffer.AsMemory(0, distance), cancellationToken).ConfigureAwait(false);
                }

                _count = await _body.ReadAsync(_buffer.AsMemory(0, Math.Min(BufferSize, slice.End - offset)), cancellationToken).ConfigureAwait(false);
                _position = offset;
                return;
            }
            catch (ChunkReadException error)
            {
                var isOpen = _body is not null;
                _body?.Dispose();
                _body = null;
                if (!await retry.TryPrepareAsync(error, isOpen, cancellationToken).ConfigureAwait(false))
                {
                    throw;
                }
            }
        }
    }
}
