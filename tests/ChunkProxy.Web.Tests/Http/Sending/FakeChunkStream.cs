using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Web.Tests.Http.Sending;

/// <summary>Delivers the bytes of one chunk according to a script, and fails tests that break the stream's contract.</summary>
internal sealed class FakeChunkStream(FakeChunkReader reader, byte[] chunk, ChunkScript script, int start, int end, ReadReport report) : IChunkStream
{
    private int _reached = start;
    private bool _closed;

    public ReadReport Report => report;

    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(int offset, int maxLength, CancellationToken cancellationToken)
    {
        if (_closed || offset < _reached || maxLength <= 0 || offset + maxLength > end)
        {
            throw new InvalidOperationException($"Read at {offset}+{maxLength} of {_reached}..{end}, closed: {_closed}.");
        }

        if (offset >= script.PauseAt)
        {
            script.Paused.TrySetResult();
            await script.Resume.Task.WaitAsync(cancellationToken);
        }

        if (offset >= script.FailAt)
        {
            throw script.Defect ?? new ChunkReadException(script.Error, "The script says so.");
        }

        var stop = Math.Min(offset + Math.Min(maxLength, script.PieceSize), offset < script.FailAt ? script.FailAt : end);
        stop = offset < script.PauseAt ? Math.Min(stop, script.PauseAt) : stop;
        _reached = offset;
        return chunk.AsMemory(offset, Math.Min(stop, end) - offset);
    }

    public void Close()
    {
        if (_closed)
        {
            throw new InvalidOperationException("Closed twice.");
        }

        _closed = true;
        reader.LeaseReturned();
    }
}
