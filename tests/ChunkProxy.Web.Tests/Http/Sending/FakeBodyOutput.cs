using ChunkProxy.Cache.ZeroCopy;
using ChunkProxy.Testing.Signals;
using ChunkProxy.Web.Http.Sending;

namespace ChunkProxy.Web.Tests.Http.Sending;

/// <summary>Collects a body. The simulated client accepts bytes at once, or after the gate opens.</summary>
internal sealed class FakeBodyOutput : IBodyOutput
{
    private readonly MemoryStream _bytes = new();

    /// <summary>Each write waits here; null: none waits.</summary>
    public Gate? Gate { get; set; }

    /// <summary>Bytes after which the source of a write is given back, asked before each write; null: it stays.</summary>
    public Func<int?> RecallAfter { get; set; } = static () => null;

    /// <summary>Called after a write whose source was given back.</summary>
    public Action Wrote { get; set; } = static () => { };

    public byte[] Bytes => _bytes.ToArray();

    public long BytesWritten => _bytes.Length;

    public bool ClientHasStalled => false;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (Gate is { } gate)
        {
            await gate.PassAsync(cancellationToken);
        }

        _bytes.Write(bytes.Span);
    }

    public async ValueTask<int> WriteAsync(ReadOnlyMemory<byte> bytes, ISendSource source, CancellationToken cancellationToken)
    {
        if (RecallAfter() is not { } count)
        {
            await WriteAsync(bytes, cancellationToken);
            return bytes.Length;
        }

        count = Math.Min(count, bytes.Length);
        await WriteAsync(bytes[..count], cancellationToken);
        source.GiveBack();
        Wrote();
        return count;
    }

    public void Dispose() => _bytes.Dispose();
}
