using System.Runtime.CompilerServices;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Popularity;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Lookup;

/// <summary>
/// Reads one slice from the chunk's owner. If that breaks off, it continues at the byte
/// reached: with the next stand-in, and after the last one with the remaining steps.
/// </summary>
/// <remarks>While many reads of members are in progress, it asks for no more than its buffer has room for, so it holds no connection while its reader is slow.</remarks>
internal sealed class PeerStream(
    PeerClient client, MemberWalk walk, NearCopies nearCopies, PurgeLedger purges, SliceRead read, Slice slice, PassThroughBuffer buffer) : IChunkStream
{
    private PeerAnswer? _answer;
    private bool _hasPart; // the last member has sent a part, and is asked for the next one
    private ReadReport _report = new(ChunkSource.Peer, Collapsed: false); // of the last answer
    private ChunkLease? _rest;
    private int _start = slice.Offset; // of the buffer's first byte, in the chunk
    private int _count;

    public ReadReport Report => _rest?.Report ?? _report;

    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(int offset, int maxLength, CancellationToken cancellationToken) =>
        offset < _start + _count ? new(Buffered(offset, maxLength)) : ReadPieceAsync(offset, maxLength, cancellationToken);

    public void Close()
    {
        _answer?.Dispose();
        _rest?.Dispose();
        buffer.Return();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadOnlyMemory<byte>> ReadPieceAsync(int offset, int maxLength, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_rest is { } lease)
            {
                return await lease.ReadAsync(offset, maxLength, cancellationToken).ConfigureAwait(false);
            }

            if (_answer is null)
            {
                await ContinueElsewhereAsync(offset, cancellationToken).ConfigureAwait(false);
                continue;
            }

            try
            {
                _start = offset;
                _count = 0;
                do
                {
                    _count += await _answer.Body!.ReadAsync(buffer.Memory[_count..], cancellationToken).ConfigureAwait(false);
                }
                while (_count < _answer.Part);

                _hasPart = _answer.Part > 0;
                if (_hasPart)
                {
                    _answer.Dispose();
                    _answer = null;
                }

                return Buffered(offset, maxLength);
            }
            catch (PeerBrokeException broken)
            {
                _count = 0; // what came of a part: the next source sends it again
                _answer?.Dispose();
                _answer = null;
                await walk.PassAsync(broken.Outcome, ProxyError.None, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // Finds a source of the bytes from the offset on.
    private async ValueTask ContinueElsewhereAsync(int offset, CancellationToken cancellationToken)
    {
        var chunk = read.Chunk;
        var rest = slice.From(offset);
        purges.ThrowIfPurged(chunk.Version); // the member may not know of the purge yet, and would ask the origin
        while ((_hasPart ? walk.Again() : walk.Next()) is { } member)
        {
            var part = new SlicePart(buffer.Memory.Length, IsFurther: _hasPart);
            _hasPart = false;
            var answer = await client.OpenChunkAsync(member, chunk, rest, onlyIfCached: false, cancellationToken, part).ConfigureAwait(false);
            if (answer.Outcome is PeerReadOutcome.Answered)
            {
                nearCopies.RecordOwnersRate(chunk.Key, answer.Rate);
                _answer = answer;
                _report = new ReadReport(answer.Source, answer.Report.Collapsed);
                return;
            }

            if (answer.Failure is { } failure && await walk.IsFinalAsync(failure.Error, cancellationToken).ConfigureAwait(false))
            {
                throw failure;
            }

            await walk.PassAsync(answer.Outcome, answer.Failure?.Error ?? ProxyError.None, cancellationToken).ConfigureAwait(false);
        }

        _rest = await read.OpenAsync(rest, cancellationToken).ConfigureAwait(false);
    }

    private ReadOnlyMemory<byte> Buffered(int offset, int maxLength) =>
        buffer.Memory.Slice(offset - _start, Math.Min(maxLength, _start + _count - offset));
}
