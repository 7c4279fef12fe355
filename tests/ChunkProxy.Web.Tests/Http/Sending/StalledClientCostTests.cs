using ChunkProxy.Web.Tests.Hosting;

namespace ChunkProxy.Web.Tests.Http.Sending;

/// <summary>Memory per client that stops reading. Runs alone, because the measurement includes the whole process.</summary>
[Collection(nameof(HotPathCostTests.Alone))]
public sealed class StalledClientCostTests
{
    private const int Clients = 200;
    private const int ChunkSize = 32 * 1024 * 1024; // larger than the socket's buffers, so every client holds its lease
    private const int Allowed = 64 * 1024;          // bytes for each client, the test's own end of the connection included

    [Fact]
    public async Task Get_ClientsReadNothing_EachCostsLittle()
    {
        using var memory = new MemoryChunks(ChunkSize);
        await using var host = await FrontEndHost.StartAsync();
        host.Reader.Add(FakeObject.Film(ChunkSize, ChunkSize, new ChunkScript { IsHot = true, Memory = memory }));
        var connections = new List<RawConnection>();
        try
        {
            await StallAsync(host, connections, count: 20); // allocations for the first requests are not counted
            var before = GC.GetTotalMemory(forceFullCollection: true);
            await StallAsync(host, connections, Clients);
            var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Clients;

            TestContext.Current.TestOutputHelper?.WriteLine($"{each} bytes for each client");
            Assert.Equal(0, host.Figures.Requests); // all responses are still blocked
            Assert.True(each <= Allowed, $"{each} bytes for each client"); // may be negative: pools release what earlier tests left
        }
        finally
        {
            connections.ForEach(connection => connection.Dispose());
        }
    }

    private static async Task StallAsync(FrontEndHost host, List<RawConnection> connections, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var connection = await RawConnection.OpenAsync(host.Port, receiveBuffer: 4096);
            connections.Add(connection);
            await connection.SendAsync("GET /film HTTP/1.1\r\nHost: test\r\n\r\n");
            await connection.ReadHeadAsync();
        }
    }
}
