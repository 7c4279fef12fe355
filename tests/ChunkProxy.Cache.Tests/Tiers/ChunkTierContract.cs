using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tests.Tiers.Disk;
using CsCheck;

namespace ChunkProxy.Cache.Tests.Tiers;

/// <summary>The contract of every tier: a dictionary that may lose entries, but never returns a wrong one.</summary>
public abstract class ChunkTierContract : IAsyncDisposable
{
    private const int ChunkSize = 50_000;

    private static readonly ObjectVersion[] Versions =
    [
        TestChunks.Version("/a.mp4", (3L * ChunkSize) + 1, ChunkSize),
        TestChunks.Version("/a.mp4", (3L * ChunkSize) + 1, ChunkSize, "\"v2\""),
        TestChunks.Version("/b.mp4", 4L * ChunkSize, ChunkSize),
        TestChunks.Version("/c.mp4", 1, ChunkSize),
    ];

    public static TheoryData<int> Chunks => [.. Enumerable.Range(0, 13)];

    /// <summary>More than all the chunks of the contract take.</summary>
    protected const long AmpleBudget = 8 * 1024 * 1024;

    [Theory]
    [MemberData(nameof(Chunks))]
    public async Task Read_ChunkStored_GivesItsBytes(int number)
    {
        var chunk = ChunkAt(number);
        await StartAsync();

        await StoreAsync(chunk);

        AssertBytes(chunk, await ReadAsync(chunk));
    }

    [Fact]
    public async Task Read_NothingStored_IsAMiss()
    {
        await StartAsync();

        Assert.Null(await ReadAsync(ChunkAt(0)));
    }

    [Fact]
    public async Task Remove_OneOfTwo_LeavesTheOther()
    {
        await StartAsync();
        await StoreAsync(ChunkAt(0));
        await StoreAsync(ChunkAt(1));

        await RemoveAsync(ChunkAt(0));

        Assert.Null(await ReadAsync(ChunkAt(0)));
        AssertBytes(ChunkAt(1), await ReadAsync(ChunkAt(1)));
    }

    [Fact]
    public async Task AnyOperations_BudgetNeverReached_BehavesAsADictionary()
    {
        var operations = Gen.Select(Gen.Int[0, 2], Gen.Int[0, 12]).Array[1, 40];
        await operations.SampleAsync(
            async list =>
            {
                await StartAsync();
                var model = new HashSet<int>();
                foreach (var (operation, number) in list)
                {
                    var chunk = ChunkAt(number);
                    switch (operation)
                    {
                        case 0:
                            await StoreAsync(chunk);
                            model.Add(number);
                            break;
                        case 1:
                            await RemoveAsync(chunk);
                            model.Remove(number);
                            break;
                        default:
                            var bytes = await ReadAsync(chunk);
                            Assert.Equal(model.Contains(number), bytes is not null);
                            if (bytes is not null)
                            {
                                AssertBytes(chunk, bytes);
                            }

                            break;
                    }

                    Assert.InRange(UsedBytes, model.Sum(n => (long)ChunkAt(n).Length), AmpleBudget);
                }

                return true;
            },
            iter: 30,
            threads: 1);
    }

    public abstract ValueTask DisposeAsync();

    protected abstract long UsedBytes { get; }

    /// <summary>Starts an empty tier with an ample budget, in place of the one before.</summary>
    protected abstract Task StartAsync();

    protected abstract Task StoreAsync(Chunk chunk);

    protected abstract Task<byte[]?> ReadAsync(Chunk chunk);

    protected abstract Task RemoveAsync(Chunk chunk);

    private static Chunk ChunkAt(int number) => number < 12 ? Versions[number / 4].Chunk(number % 4) : Versions[3].Chunk(0);

    private static void AssertBytes(Chunk chunk, byte[]? bytes)
    {
        Assert.NotNull(bytes);
        Assert.True(TestChunks.BytesOf(chunk).AsSpan().SequenceEqual(bytes), "The tier gave wrong bytes.");
    }
}
