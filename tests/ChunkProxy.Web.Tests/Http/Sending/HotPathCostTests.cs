using System.Diagnostics;
using System.Net.Sockets;
using System.Reflection;
using System.Text;
using ChunkProxy.Cache.ZeroCopy;
using ChunkProxy.Web.Http.Sending;
using ChunkProxy.Web.Tests.Hosting;

namespace ChunkProxy.Web.Tests.Http.Sending;

/// <summary>Allocation of a hit in memory. Runs alone, because the measurement includes all threads of the process.</summary>
/// <remarks>
/// The round with the fewest allocations counts. A busy machine only adds allocations: a read or write that waits for the other side,
/// which was not scheduled, allocates the objects of the wait.
/// </remarks>
[Collection(nameof(Alone))]
public sealed class HotPathCostTests
{
    private const int ChunkSize = 64 * 1024;
    private const int WarmUp = 2000; // requests
    private const int Rounds = 50;
    private const int RequestsInARound = 40;

    // Less than a task or a state machine. One slice allocates about 40 B.
    private const int LittleForASlice = 100;

    [CollectionDefinition(nameof(Alone), DisableParallelization = true)]
    public sealed class Alone;

    [Fact]
    public async Task Get_RangeOfOneChunkInMemory_AllocatesLittle()
    {
        Assert.InRange(await AllocatedPerRequestAsync("bytes=1000-50999", 50_000), 0, 2500);
    }

    [Fact]
    public async Task Get_RangeOfManyChunksInMemory_AllocatesLittleForASlice()
    {
        var one = await AllocatedPerRequestAsync("bytes=1000-50999", 50_000);
        var ten = await AllocatedPerRequestAsync($"bytes=0-{(10 * ChunkSize) - 1}", 10 * ChunkSize);

        Assert.InRange((ten - one) / 9, -LittleForASlice, LittleForASlice);
    }

    private static async Task<long> AllocatedPerRequestAsync(string range, int length)
    {
        var isOptimized = typeof(LendingBodyOutput).Assembly.GetCustomAttribute<DebuggableAttribute>() is not { IsJITOptimizerDisabled: true };
        Assert.SkipUnless(isOptimized, "Every call of an async method allocates without optimization.");
        using var memory = new MemoryChunks(ChunkSize, 32 * ChunkSize);
        await using var host = await FrontEndHost.StartAsync();
        host.Reader.Add(FakeObject.Film(12 * ChunkSize, ChunkSize, new ChunkScript { IsHot = true, Memory = memory }));
        host.Reader.KeepsNoNotes = true;
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", host.Port, TestContext.Current.CancellationToken);
        var socket = client.Client;
        var request = Encoding.ASCII.GetBytes($"GET /film HTTP/1.1\r\nHost: test\r\nRange: {range}\r\n\r\n");
        var answer = new byte[length + 4096];

        Repeat(socket, request, answer, length, WarmUp);
        var perRequest = Enumerable.Range(0, Rounds).Min(_ =>
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            Repeat(socket, request, answer, length, RequestsInARound);
            return (GC.GetTotalAllocatedBytes(precise: true) - before) / RequestsInARound;
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"{perRequest} bytes for each request");
        return perRequest;
    }

    // Synchronous, into one buffer: the client allocates nothing.
    private static void Repeat(Socket socket, byte[] request, byte[] answer, int length, int times)
    {
        for (var i = 0; i < times; i++)
        {
            socket.Send(request);
            var got = 0;
            var body = -1;
            while (body < 0 || got < body + length)
            {
                got += socket.Receive(answer.AsSpan(got));
                body = body < 0 && answer.AsSpan(0, got).IndexOf("\r\n\r\n"u8) is >= 0 and var end ? end + 4 : body;
            }

            Assert.Equal(body + length, got);
        }
    }
}
