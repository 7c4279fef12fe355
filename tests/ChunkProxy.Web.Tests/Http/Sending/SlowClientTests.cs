using System.Security.Cryptography;
using ChunkProxy.Cache.ZeroCopy;
using ChunkProxy.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ChunkProxy.Web.Tests.Http.Sending;

/// <summary>Clients that read slower than their bytes come, while memory is short: they hold no chunk, and get every byte.</summary>
public sealed class SlowClientTests : IDisposable
{
    private const int MiB = 1024 * 1024;

    private readonly PendingSends _sends = new(share: 0, mostOfOrigin: 0, TimeProvider.System);

    public void Dispose() => _sends.Dispose();

    [Theory]
    [InlineData(true, 16 * MiB)]
    [InlineData(false, 16 * MiB)]
    [InlineData(true, 4 * MiB)]
    [InlineData(false, 4 * MiB)]
    public async Task Get_ClientReadsNothing_HoldsNoLeaseAndThenGetsEveryByte(bool lends, int chunkSize)
    {
        await using var host = await FrontEndHost.StartAsync(
            options => options.LendMemory = lends, replace: services => services.AddSingleton(_sends));
        var film = host.Reader.Add(FakeObject.Film((16 * MiB) - 777, chunkSize));
        using var connection = await RawConnection.OpenAsync(host.Port, receiveBuffer: 4096);
        await connection.SendAsync("GET /film HTTP/1.1\r\nHost: test\r\n\r\n");
        await connection.ReadHeadAsync();

        await host.Reader.AllLeasesReturnedAsync();
        connection.WidenReceiveBuffer();
        var (bytes, isWhole) = await connection.ReadBytesAsync(film.Content.Length);

        Assert.True(isWhole);
        Assert.Equal(SHA256.HashData(film.Content), SHA256.HashData(bytes));
        Assert.InRange(_sends.Recalls, 1, long.MaxValue);
        await host.Reader.AllLeasesReturnedAsync();

        await connection.SendAsync("GET /film HTTP/1.1\r\nHost: test\r\nRange: bytes=5-9\r\n\r\n"); // the connection is in order
        Assert.Equal(film.Content[5..10], (await connection.ReadAsync()).Body);
    }

    [Fact]
    public async Task Get_LeaseWasGivenBackAndTheChunkIsGone_BodyBreaksOffAndIsNeverWrong()
    {
        await using var host = await FrontEndHost.StartAsync(replace: services => services.AddSingleton(_sends));
        var film = host.Reader.Add(FakeObject.Film(16 * MiB, 16 * MiB));
        using var connection = await RawConnection.OpenAsync(host.Port, receiveBuffer: 4096);
        await connection.SendAsync("GET /film HTTP/1.1\r\nHost: test\r\n\r\n");
        await connection.ReadHeadAsync();
        await host.Reader.AllLeasesReturnedAsync();
        film.Scripts[0] = new ChunkScript { OpenError = Cache.Reads.ProxyError.OriginUnreachable };
        connection.WidenReceiveBuffer();

        var (bytes, isWhole) = await connection.ReadBytesAsync(film.Content.Length);

        Assert.False(isWhole);
        Assert.True(film.Content.AsSpan(0, bytes.Length).SequenceEqual(bytes));
    }
}
