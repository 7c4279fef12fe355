using System.Net;
using System.Net.Sockets;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Tests.Tiers.Memory;

public sealed class ChunkBufferTests : IDisposable
{
    private const int ChunkSize = 64 * 1024;

    private readonly MemoryTier _tier = new(8 * ChunkSize, ChunkSize);

    public void Dispose() => _tier.Dispose();

    [Fact]
    public void TryRetain_AfterTheLastRelease_False()
    {
        var buffer = _tier.TryRent(100)!;
        buffer.Release();

        Assert.False(buffer.TryRetain());
    }

    [Fact]
    public void TryRetain_AfterItsBlockWasRentedAgain_False()
    {
        var buffer = _tier.TryRent(ChunkSize)!;
        buffer.Release();
        var tenants = Enumerable.Range(0, 8).Select(_ => _tier.TryRent(ChunkSize)).ToList();

        Assert.DoesNotContain(null, tenants);
        Assert.False(buffer.TryRetain());
    }

    [Fact]
    public void Release_OnceTooOften_Throws()
    {
        var buffer = _tier.TryRent(100)!;
        buffer.Release();

        Assert.Throws<InvalidOperationException>(buffer.Release);
    }

    [Fact]
    public void Memory_AfterTheLastRelease_CannotBeRead()
    {
        var buffer = _tier.TryRent(100)!;
        var memory = buffer.Memory;
        buffer.Release();

        Assert.Throws<ObjectDisposedException>(() => memory.Span[0]);
        Assert.Throws<ObjectDisposedException>(() => memory.Pin());
    }

    [Fact]
    public void Memory_AskedFor_AllocatesNothing()
    {
        var buffer = _tier.TryRent(100)!;
        _ = buffer.Memory.Span.Length;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var length = 0;
        for (var i = 0; i < 1000; i++)
        {
            length += buffer.Memory.Slice(10, 20).Span.Length;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(20_000, length);
    }

    [Fact]
    public async Task Memory_LentToASocket_ArrivesWhole()
    {
        var key = new ChunkKey(1, 1);
        var buffer = _tier.TryRent(ChunkSize)!;
        Stamp.Write(buffer, key);
        var received = _tier.TryRent(ChunkSize)!;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var sender = new TcpClient();
        await sender.ConnectAsync((IPEndPoint)listener.LocalEndpoint, TestContext.Current.CancellationToken);
        using var receiver = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);

        var send = sender.Client.SendAsync(buffer.Memory, TestContext.Current.CancellationToken);
        await receiver.GetStream().ReadExactlyAsync(received.Memory, TestContext.Current.CancellationToken);

        Assert.Equal(ChunkSize, await send);
        Assert.Equal(-1, Stamp.FirstWrong(received, key));
    }

    [Fact]
    public void Memory_AfterTheTierIsGone_LastsUntilTheReaderIsDone()
    {
        var tier = new MemoryTier(8 * ChunkSize, ChunkSize);
        var key = new ChunkKey(1, 1);
        var buffer = tier.TryRent(ChunkSize)!;
        Stamp.Write(buffer, key);
        tier.Add(key, buffer);

        tier.Dispose();

        Assert.Equal(-1, Stamp.FirstWrong(buffer, key));
        Assert.Null(tier.TryRent(1));
        Assert.Null(tier.TryGet(key));
        buffer.Release();
        Assert.Equal(0, tier.Statistics.UsedBytes);
    }
}
