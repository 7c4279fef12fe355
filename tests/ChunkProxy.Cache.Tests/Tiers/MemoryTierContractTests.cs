using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tests.Tiers.Disk;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Tests.Tiers;

public sealed class MemoryTierContractTests : ChunkTierContract
{
    private MemoryTier? _tier;

    protected override long UsedBytes => _tier!.Statistics.UsedBytes;

    public override ValueTask DisposeAsync()
    {
        _tier?.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    protected override Task StartAsync()
    {
        _tier?.Dispose();
        _tier = new MemoryTier(AmpleBudget, 64 * 1024);
        return Task.CompletedTask;
    }

    protected override Task StoreAsync(Chunk chunk)
    {
        var buffer = _tier!.TryRent(chunk.Length);
        Assert.NotNull(buffer);
        TestChunks.BytesOf(chunk).CopyTo(buffer.Memory.Span);
        _tier.Add(chunk.Key, buffer);
        buffer.Release();
        return Task.CompletedTask;
    }

    protected override Task<byte[]?> ReadAsync(Chunk chunk)
    {
        var buffer = _tier!.TryGet(chunk.Key);
        var bytes = buffer?.Memory.ToArray();
        buffer?.Release();
        return Task.FromResult(bytes);
    }

    protected override Task RemoveAsync(Chunk chunk)
    {
        _tier!.Remove(chunk.Key);
        return Task.CompletedTask;
    }
}
