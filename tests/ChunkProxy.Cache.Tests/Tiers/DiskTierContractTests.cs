using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tests.Tiers.Disk;

namespace ChunkProxy.Cache.Tests.Tiers;

public sealed class DiskTierContractTests : ChunkTierContract
{
    private TierDirectory? _directory;

    protected override long UsedBytes => _directory!.Tier.State.UsedBytes;

    public override async ValueTask DisposeAsync()
    {
        if (_directory is not null)
        {
            await _directory.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    protected override async Task StartAsync()
    {
        await DisposeAsync();
        _directory = new TierDirectory { Budget = AmpleBudget };
        await _directory.StartAndScanAsync();
    }

    protected override Task StoreAsync(Chunk chunk) => _directory!.StoreAsync(chunk);

    protected override Task<byte[]?> ReadAsync(Chunk chunk) => _directory!.ReadAsync(chunk);

    protected override Task RemoveAsync(Chunk chunk)
    {
        _directory!.Tier.Remove(chunk);
        return Task.CompletedTask; // a miss at once, although the file is deleted later
    }
}
