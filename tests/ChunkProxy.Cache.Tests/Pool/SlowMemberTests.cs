using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Pool;

/// <summary>A front end whose clients are slow reads slices slowly from their owner. It holds no memory of the owner, and gets every byte.</summary>
public sealed class SlowMemberTests
{
    private const int ChunkSize = 8 * MiB; // more than the socket buffers take
    private const int Slow = 16; // all memory of the owner
    private const long Size = (Slow + 1) * (long)ChunkSize;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("a secret, with blanks")]
    public async Task Read_FrontEndReadsNothing_TheOwnerCachesOtherChunksAndThenSendsEveryByte(string key)
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", Size);
        await using var cluster = await StartAsync(origin, key);
        var (owner, front) = (cluster[0], cluster.FrontEnds[0]);
        var film = await front.FindAsync("/film", 0, Stop);
        var reads = await Task.WhenAll(Enumerable.Range(0, Slow).Select(async index => await front.OpenAsync(film, Whole(index), Stop)));
        await owner.WhenFilledAsync(Stop);

        await WhenCachedAsync(owner, film, Slow);

        Assert.InRange(owner.Sends.Recalls, 1, long.MaxValue);
        for (var index = 0; index < Slow; index++)
        {
            using var read = reads[index];
            await ReadThroughAsync(read, index);
        }
    }

    [Fact]
    public async Task Read_SliceWasGivenBackAndTheObjectHasChanged_BreaksOffAndIsNeverWrong()
    {
        await using var origin = ScriptedOrigin.Start();
        var answer = origin.Add("/film", new OriginAnswer { Size = Size, ETag = "\"one\"" });
        await using var cluster = await StartAsync(origin, key: "");
        var (owner, front) = (cluster[0], cluster.FrontEnds[0]);
        var film = await front.FindAsync("/film", 0, Stop);
        var reads = await Task.WhenAll(Enumerable.Range(0, Slow).Select(async index => await front.OpenAsync(film, Whole(index), Stop)));
        await owner.WhenFilledAsync(Stop);
        await WhenCachedAsync(owner, film, Slow);
        answer.Answer = new OriginAnswer { Size = Size, Seed = 2, ETag = "\"two\"" };

        var broken = 0;
        for (var index = 0; index < Slow; index++)
        {
            using var read = reads[index];
            try
            {
                await ReadThroughAsync(read, index);
            }
            catch (ChunkReadException error)
            {
                Assert.Equal(ProxyError.VersionChanged, error.Error);
                broken++;
            }
        }

        Assert.InRange(broken, 1, Slow);
    }

    private static async Task<TestCluster> StartAsync(ScriptedOrigin origin, string key)
    {
        (string, string)[] settings = [("ChunkSize", "8MiB"), ("MemorySize", "128MiB"), .. key.Length > 0 ? [("PoolKey", key)] : Array.Empty<(string, string)>()];
        var cluster = await TestCluster.StartAsync(origin, nodes: 1, Stop, settings);
        cluster.AddFrontEnd();
        return cluster;
    }

    private static Slice Whole(long index) => new(index, 0, ChunkSize);

    /// <summary>Reads the chunk until it is in memory: while all memory is in use, a read leaves nothing there.</summary>
    private static async Task WhenCachedAsync(Lookup.Engine owner, ObjectVersion film, long index)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        patience.CancelAfter(Patience.Limit);
        ChunkLease lease;
        while (!owner.Reader.TryOpen(film, new Slice(index, 0, 1), out lease))
        {
            await owner.ReadAsync(film, new ByteRange(index * ChunkSize, (index + 1) * ChunkSize), patience.Token);
            await owner.WhenFilledAsync(patience.Token);
        }

        lease.Dispose();
    }

    private static async Task ReadThroughAsync(ChunkLease read, long index)
    {
        for (var offset = 0; offset < ChunkSize;)
        {
            var bytes = await read.ReadAsync(offset, ChunkSize - offset, Stop).AsTask().WaitAsync(Patience.Limit, Stop);
            TestData.Verify(1, (index * ChunkSize) + offset, bytes.Span);
            offset += bytes.Length;
        }
    }
}
