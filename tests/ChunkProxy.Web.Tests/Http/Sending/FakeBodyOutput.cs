using ChunkProxy.Testing.Signals;
using ChunkProxy.Web.Http.Sending;

namespace ChunkProxy.Web.Tests.Http.Sending;

/// <summary>Collects a body. The simulated client accepts bytes at once, or after the gate opens.</summary>
internal sealed class FakeBodyOutput : IBodyOutput
{
    private readonly MemoryStream _bytes = new();

    /// <summary>Each write waits here; null: none waits.</summary>
    public Gate? Gate { get; set; }

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

    public void Dispose() => _bytes.Dispose();
}
