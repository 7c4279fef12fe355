using System.Buffers.Binary;
using ChunkProxy.Web.Hosting;
using ChunkProxy.Web.Tests.Hosting;

namespace ChunkProxy.Web.Tests.Http.Sending;

/// <summary>HTTP/2 clients that hold streams back, or flood the connection.</summary>
public sealed class Http2LimitTests : IAsyncLifetime
{
    private const int ChunkSize = 256 * 1024;
    private const int Streams = 4;
    private const int InternalError = 2;
    private const int EnhanceYourCalm = 11;
    private const int MostRequests = 20_000;
    private const int MostTracked = 100; // the server counts cancelled requests until they have ended: at least 100, at most twice the streams allowed

    private FrontEndHost _host = null!;
    private FakeObject _film = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await FrontEndHost.StartAsync(
            options => (options.LendMemory, options.Http2Streams) = (false, Streams), listen: static listener => listener.UseHttp2());
        _film = _host.Reader.Add(FakeObject.Film((4 * ChunkSize) - 77, ChunkSize, new ChunkScript { IsHot = true }));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Get_WindowOfOneByte_StreamIsResetAfterTheWriteTimeoutAndOthersGoOn()
    {
        using var connection = await RawHttp2.OpenAsync(_host.Port, window: 1);
        await connection.GetAsync(1, "/film");
        await connection.ReadUntilAsync((type, _, stream, _) => type == RawHttp2.Data && stream == 1);

        using (new Timer(_ => _host.Time.Advance(TimeSpan.FromSeconds(20)), null, 0, 20)) // nothing signals when the write is pending
        {
            Assert.NotNull(await connection.ReadUntilAsync((type, _, stream, _) => type == RawHttp2.Reset && stream == 1));
        }

        await _host.Reader.AllLeasesReturnedAsync();
        await _host.FiguresAsync(figures => figures is { Stalled: 1, Gone: 0 });
        await connection.AllowAsync(0, _film.Content.Length);
        await connection.GetAsync(3, "/film");
        await connection.AllowAsync(3, _film.Content.Length);
        Assert.Equal(_film.Content, await connection.ReadBodyAsync(3));
    }

    [Fact]
    public async Task Get_ClientAllowsFewBytesAtATime_EveryByteArrives()
    {
        var small = _host.Reader.Add(FakeObject.Film(1000, 100, path: "/small"));
        using var connection = await RawHttp2.OpenAsync(_host.Port, window: 0);
        await connection.GetAsync(1, "/small");
        using var body = new MemoryStream();
        await connection.ReadUntilAsync((type, _, stream, _) => type == RawHttp2.Headers && stream == 1);

        while (body.Length < small.Content.Length)
        {
            await connection.AllowAsync(1, 7);
            for (var expected = Math.Min(body.Length + 7, small.Content.Length); body.Length < expected;)
            {
                var frame = await connection.ReadUntilAsync((type, _, stream, payload) => type == RawHttp2.Data && stream == 1);
                body.Write(frame!.Value.Payload);
            }
        }

        Assert.Equal(small.Content, body.ToArray());
    }

    [Fact]
    public async Task Get_MoreStreamsThanAllowed_AreRefusedAndHoldNothing()
    {
        using var connection = await RawHttp2.OpenAsync(_host.Port, window: 0);
        for (var i = 0; i <= Streams; i++)
        {
            await connection.GetAsync((2 * i) + 1, "/film");
        }

        var refused = await connection.ReadUntilAsync((type, _, _, _) => type == RawHttp2.Reset);

        Assert.Equal((2 * Streams) + 1, refused!.Value.Stream);
        Assert.InRange(_host.Reader.MostLeases, 0, Streams);
    }

    [Fact]
    public async Task Get_RapidReset_ConnectionEndsAndOthersAreServed()
    {
        using (var connection = await RawHttp2.OpenAsync(_host.Port, window: 65_535))
        {
            var goAway = connection.ReadUntilAsync((type, _, _, _) => type == RawHttp2.GoAway);
            try
            {
                for (var i = 0; i < MostRequests && !goAway.IsCompleted; i++)
                {
                    await connection.GetAsync((2 * i) + 1, "/film");
                    await connection.ResetAsync((2 * i) + 1);
                }
            }
            catch (IOException)
            {
                // closed by the server
            }

            if (await goAway is { } frame)
            {
                // The second one where the queue of the connection is full first.
                Assert.Contains(BinaryPrimitives.ReadInt32BigEndian(frame.Payload.AsSpan(4)), (int[])[EnhanceYourCalm, InternalError]);
            }
        }

        await _host.Reader.AllLeasesReturnedAsync();
        Assert.InRange(_host.Reader.MostLeases, 0, MostTracked);
        await ReadWholeAsync();
    }

    [Fact]
    public async Task Get_EndlessHeaderBlock_ConnectionEndsAndOthersAreServed()
    {
        using (var connection = await RawHttp2.OpenAsync(_host.Port, window: 65_535))
        {
            var goAway = connection.ReadUntilAsync((type, _, _, _) => type == RawHttp2.GoAway);
            byte[] field = [0x00, 1, (byte)'x', 100, .. Enumerable.Repeat((byte)'a', 100)];
            var sent = 0;
            try
            {
                await connection.SendAsync(RawHttp2.Headers, RawHttp2.EndStream, 1, RawHttp2.GetBlock("/film"));
                for (; sent < MostRequests && !goAway.IsCompleted; sent++)
                {
                    await connection.SendAsync(RawHttp2.Continuation, 0, 1, field);
                }
            }
            catch (IOException)
            {
                // closed by the server
            }

            await goAway;
            Assert.InRange(sent, 1, MostRequests - 1);
        }

        Assert.Empty(_host.Reader.Finds);
        await ReadWholeAsync();
    }

    private async Task ReadWholeAsync()
    {
        using var connection = await RawHttp2.OpenAsync(_host.Port, window: _film.Content.Length);
        await connection.AllowAsync(0, _film.Content.Length);
        await connection.GetAsync(1, "/film");
        Assert.Equal(_film.Content, await connection.ReadBodyAsync(1));
    }
}
