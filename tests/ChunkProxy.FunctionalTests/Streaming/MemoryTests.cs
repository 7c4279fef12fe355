using ChunkProxy.Testing.Data;

namespace ChunkProxy.FunctionalTests.Streaming;

/// <summary>The memory tier's budget bounds the process.</summary>
[Collection(MeasuredAlone.Name)]
public sealed class MemoryTests(ITestOutputHelper output)
{
    private const int Readers = 8;
    private const long Each = 384L * OneNode.MiB; // 3 GiB in total

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_ThreeGiBThrough64MiBOfMemory_ResidentMemoryStaysBelow224MiB()
    {
        await using var one = await OneNode.StartAsync("-size-m 64 -size-d 0", Now);

        var readers = Enumerable.Range(1, Readers).Select(async seed =>
        {
            var film = one.Origin.Add($"/film{seed}.mp4", Each, seed);
            using var response = await one.Node.GetAsync(film.Path, Now);
            await TestData.VerifyAsync(seed, 0, Each, await response.Content.ReadAsStreamAsync(Now), Now);
        });
        await Task.WhenAll(readers.ToList());

        output.WriteLine($"most resident: {one.Node.PeakResidentBytes / OneNode.MiB} MiB");
        Assert.InRange(one.Node.PeakResidentBytes, 1, 224L * OneNode.MiB); // .NET takes the more for new objects the larger the cache of the processor is
    }
}
