using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Memory;
namespace ChunkProxy.Cache.Tiers.Disk;
public sealed class DiskTier : IAsyncDisposable
{
    public const int BlockSize = 64 * 1024;
    public ValueTask<DiskChunk?> OpenAsync(Chunk chunk, CancellationToken ct) => default;
    public void Store(Chunk chunk, ChunkBuffer complete) { }
    public void Remove(Chunk chunk) { }
    public void RemoveVersion(ObjectVersion version) { }
    public void StoreVersion(ObjectVersion version) { }
    public ValueTask<ObjectVersion?> FindVersionAsync(ObjectId id, int chunkSize, CancellationToken ct) => default;
    public void RemoveVersionRecord(ObjectId id) { }
    public ValueTask DisposeAsync() => default;
}
public sealed class DiskChunk : IDisposable
{
    public ValueTask<bool> ReadAsync(int offset, Memory<byte> destination, CancellationToken ct) => new(false);
    public void Dispose() { }
}
