using ChunkProxy.Cache.ZeroCopy;

namespace ChunkProxy.Web.Http.Sending;

/// <summary>Collects a body in memory instead of sending it.</summary>
internal sealed class MemoryBodyOutput(int size) : IBodyOutput
{
    private readonly byte[] _bytes = new byte[size];
    private int _length;

    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, _length);

    public long BytesWritten => _length;

    public bool ClientHasStalled => false;

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        bytes.CopyTo(_bytes.AsMemory(_length));
        _length += bytes.Length;
        return ValueTask.CompletedTask;
    }

    public void Dispose()
    {
    }
}
