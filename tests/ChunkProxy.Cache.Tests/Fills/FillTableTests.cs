using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Lookup;
using ChunkProxy.Cache.Tests.Disk;
using ChunkProxy.Testing.Signals;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ChunkProxy.Cache.Tests.Fills;

public sealed class FillTableTests
{
    private const int MiB = 1024 * 1024;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_RetrievalCancelsItselfUnasked_FailsTheReader()
    {
        var retrieval = new ScriptedRetrieval((_, _) => throw new TaskCanceledException("a time-out of somebody's own"));
        await using var services = ServicesWith(retrieval);
        var chunk = TestChunks.Version("/film", MiB, MiB).Chunk(0);

        var failure = await Assert.ThrowsAsync<ChunkReadException>(() =>
            services.GetRequiredService<FillTable>().OpenAsync(chunk, new Slice(0, 0, MiB), FillPurpose.Own, Stop).AsTask().WaitAsync(Patience.Limit, Stop));

        Assert.IsType<TaskCanceledException>(failure.GetBaseException());
        Assert.Single(retrieval.Runs);
    }

    private static ServiceProvider ServicesWith(IChunkRetrieval retrieval)
    {
        var settings = new Dictionary<string, string?>
        {
            ["ChunkProxy:Url"] = "http://127.0.0.1:9/", // nobody asks it
            ["ChunkProxy:ChunkSize"] = "8MiB",
            ["ChunkProxy:MemorySize"] = "128MiB",
            ["ChunkProxy:DiskSize"] = "0",
        };
        return new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .AddLogging()
            .AddSingleton(retrieval)
            .AddChunkCache()
            .BuildServiceProvider();
    }
}
