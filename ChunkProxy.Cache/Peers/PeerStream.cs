using System.Runtime.CompilerServices;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Lookup;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Popularity;
using ChunkProxy.Cache.Purges;

namespace ChunkProxy.Cache.Peers;

/// <summary>One slice read from the chunk's owner. When that breaks off, it goes on at the next stand-in from the byte reached, and in the end in this process.</summary>
internal sealed class PeerStream(
    PeerClient client,
    PeerVitals vitals,
    LocalChunks local,
    NearCopies nearCopies,
    PurgeLedger purges,
    IReadOnlyList<Member> members,
    Chunk chunk,
    Slice slice,
    PassingBuffer buffer) : IChunkStream
{
    private int _nextMember;
    private Member? _peer;
    private PeerAnswer? _answer;
    private ChunkLease? _local;
    private int _start = slice.Offset; // of the buffer's first byte, in the chunk
    private int _count;

    public ReadReport Report => _local?.Report ?? new ReadReport(_answer?.Source ?? ChunkSource.Peer, _answer?.Report.Collapsed ?? false);

    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(int offset, int maxLength, CancellationToken cancellationToken) =>
        offset < _start + _count ? new(Buffered(offset, maxLength)) : BringAsync(offset, maxLength, cancellationToken);

    public void Close()
    {
        _answer?.Dispose();
        _local?.Dispose();
        buffer.Return();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadOnlyMemory<byte>> BringAsync(int offset, int maxLength, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_local is { } lease)
            {
                return await lease.ReadAsync(offset, maxLength, cancellationToken).ConfigureAwait(false);
            }

            if (_answer is null)
            {
                await GoOnAsync(offset, cancellationToken).ConfigureAwait(false);
                continue;
            }

            try
            {
                _start = offset;
                _count = 0;
                _count = await _answer.Body!.ReadAsync(buffer.Memory, cancellationToken).ConfigureAwait(false);
                return Buffered(offset, maxLength);
            }
            catch (PeerBrokeException broken)
            {
                _answer.Dispose();
                _answer = null;
                await CheckOthersAfterAsync(broken.Outcome, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // Finds who brings the bytes from the offset on.
    private async ValueTask GoOnAsync(int offset, CancellationToken cancellationToken)
    {
        var rest = new Slice(slice.ChunkIndex, offset, slice.End - offset);
        purges.ThrowIfPurged(chunk.Version); // the member may not have heard yet, and would ask the origin
        while (_nextMember < members.Count)
        {
            _peer = members[_nextMember++];
            var answer = await client.OpenChunkAsync(_peer, chunk, rest, onlyIfCached: false, cancellationToken).ConfigureAwait(false);
            switch (answer.Outcome)
            {
                case PeerReadOutcome.Answered:
                    nearCopies.Heard(chunk.Key, answer.Rate);
                    _answer = answer;
                    return;
                case PeerReadOutcome.Silent:
                    await CheckOthersAfterAsync(answer.Outcome, cancellationToken).ConfigureAwait(false);
                    break;
                case PeerReadOutcome.Failed when answer.Failure!.Error.IsSaidByOrigin():
                    throw answer.Failure;
                case PeerReadOutcome.Failed when answer.Failure!.Error is not ProxyError.Overloaded:
                    // Its way to the origin is broken, or the origin is: one more try tells, from here, and not one at each member.
                    _nextMember = members.Count;
                    break;
            }
        }

        _local = await local.OpenAsync(chunk, rest, FillPurpose.Own, cancellationToken).ConfigureAwait(false);
    }

    // Found out at once, and not one after the other.
    private Task CheckOthersAfterAsync(PeerReadOutcome outcome, CancellationToken cancellationToken) =>
        outcome is PeerReadOutcome.Silent ? vitals.CheckAsync(members.Skip(_nextMember), cancellationToken) : Task.CompletedTask;

    private ReadOnlyMemory<byte> Buffered(int offset, int maxLength) =>
        buffer.Memory.Slice(offset - _start, Math.Min(maxLength, _start + _count - offset));
}
