using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Lookup;

/// <summary>
/// Reads one slice directly from its file, through a small buffer. If the file is damaged, the rest comes from the remaining steps.
/// </summary>
/// <remarks>
/// The buffer is small so that bytes are hashed and sent while they are in the processor's cache, and a stalled reader holds little. While many files are
/// open, it does not hold its file either: the file is closed after each piece, and opened again for the next one.
/// </remarks>
internal sealed class DiskStream(
    DiskTier disk, DiskChunk opened, Slice slice, MemoryTier memory, CacheMetrics metrics, SliceRead read) : IChunkStream
{
    private const int LongestPiece = 128 * 1024;

    private readonly PassThroughBuffer _buffer = PassThroughBuffer.Rent(memory, Math.Min(LongestPiece, BlocksOf(opened, slice.Offset, slice.End).Length));
    private DiskChunk? _file = opened; // null: closed between two pieces, or for good
    private ReadOnlyMemory<byte> _piece; // verified
    private int _position = slice.Offset; // of the piece, in the chunk
    private ChunkLease? _rest;

    public ReadReport Report => _rest?.Report ?? new ReadReport(ChunkSource.Disk, Collapsed: false);

    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(int offset, int maxLength, CancellationToken cancellationToken)
    {
        if (_rest is { } rest)
        {
            return rest.ReadAsync(offset, maxLength, cancellationToken);
        }

        if (offset < _position + _piece.Length)
        {
            return new(Piece(offset, maxLength));
        }

        return _file is { } file ? ReadPieceAsync(file, offset, maxLength, cancellationToken) : OpenAgainAsync(offset, maxLength, cancellationToken);
    }

    public void Close()
    {
        _file?.Dispose();
        _buffer.Return();
        _rest?.Dispose();
    }

    private static (int Start, int Length) BlocksOf(DiskChunk file, int offset, int end)
    {
        var start = offset - (offset % file.BlockSize);
        var stop = (end + file.BlockSize - 1) / file.BlockSize * file.BlockSize;
        return (start, Math.Min(stop, file.Length) - start);
    }

    private ValueTask<ReadOnlyMemory<byte>> ReadPieceAsync(DiskChunk file, int offset, int maxLength, CancellationToken cancellationToken)
    {
        var (start, length) = BlocksOf(file, offset, slice.End);
        if (length > _buffer.Memory.Length)
        {
            length = _buffer.Memory.Length / file.BlockSize * file.BlockSize;
        }

        var block = file.ReadAsync(start, _buffer.Memory[..length], cancellationToken);
        if (!block.IsCompletedSuccessfully)
        {
            return WaitAsync(block, start, length, offset, maxLength, cancellationToken);
        }

        return block.Result ? new(Take(start, length, offset, maxLength)) : ReadElsewhereAsync(offset, maxLength, cancellationToken);
    }

    // The file may have been evicted meanwhile.
    private async ValueTask<ReadOnlyMemory<byte>> OpenAgainAsync(int offset, int maxLength, CancellationToken cancellationToken)
    {
        _file = await disk.OpenAsync(read.Chunk, cancellationToken).ConfigureAwait(false);
        return _file is { } file
            ? await ReadPieceAsync(file, offset, maxLength, cancellationToken).ConfigureAwait(false)
            : await ReadElsewhereAsync(offset, maxLength, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<ReadOnlyMemory<byte>> WaitAsync(ValueTask<bool> block, int start, int length, int offset, int maxLength, CancellationToken cancellationToken)
    {
        return await block.ConfigureAwait(false)
            ? Take(start, length, offset, maxLength)
            : await ReadElsewhereAsync(offset, maxLength, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<ReadOnlyMemory<byte>> ReadElsewhereAsync(int offset, int maxLength, CancellationToken cancellationToken)
    {
        CloseFile(); // the other source may be another file, and waits for a place
        var rest = await read.OpenAsync(slice.From(offset), cancellationToken).ConfigureAwait(false);
        _rest = rest;
        return await rest.ReadAsync(offset, maxLength, cancellationToken).ConfigureAwait(false);
    }

    // The bytes of the blocks before and after the slice were read only for verification.
    private ReadOnlyMemory<byte> Take(int start, int length, int offset, int maxLength)
    {
        _position = offset;
        _piece = _buffer.Memory[(offset - start)..Math.Min(length, slice.End - start)];
        metrics.Received(ChunkSource.Disk, _piece.Length);
        if (_file is { MayStay: false })
        {
            CloseFile();
        }

        return Piece(offset, maxLength);
    }

    private void CloseFile()
    {
        _file?.Dispose();
        _file = null;
    }

    private ReadOnlyMemory<byte> Piece(int offset, int maxLength)
    {
        var rest = _piece[(offset - _position)..];
        return rest[..Math.Min(maxLength, rest.Length)];
    }
}
