using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Etcd;
using ChunkProxy.Testing.Faults;
using ChunkProxy.Testing.Nginx;
using ChunkProxy.Testing.Redis;

namespace ChunkProxy.FunctionalTests.Fixtures;

/// <summary>The servers that other tests use can start, respond, and restart on the same port.</summary>
public sealed class ServerTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nginx_StoppedAndStarted_ServesOnAndRemembersWhatWasAsked()
    {
        await using var nginx = await NginxOrigin.StartAsync(Now);
        await nginx.AddAsync("film.mp4", seed: 1, length: 100_000, Now);
        using var client = new HttpClient { BaseAddress = nginx.BaseAddress };

        TestData.Verify(1, 0, await client.GetByteArrayAsync(new Uri("film.mp4", UriKind.Relative), Now));
        Assert.Equal([new NginxRequest("GET", "/film.mp4", 200, 100_000, null)], await nginx.RequestsAsync(Now));

        await nginx.StopAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetByteArrayAsync(new Uri("film.mp4", UriKind.Relative), Now));

        await nginx.StartAgainAsync(Now);
        client.DefaultRequestHeaders.Add("Range", "bytes=10-19");
        TestData.Verify(1, 10, await client.GetByteArrayAsync(new Uri("film.mp4", UriKind.Relative), Now));
        Assert.Equal(
            [new NginxRequest("GET", "/film.mp4", 200, 100_000, null), new NginxRequest("GET", "/film.mp4", 206, 10, "bytes=10-19")],
            await nginx.RequestsAsync(Now));
    }

    [Fact]
    public async Task Etcd_RestartedCompactedAndWiped_Answers()
    {
        await using var etcd = await EtcdServer.StartAsync(Now);
        using var client = new HttpClient { BaseAddress = new Uri(etcd.Url) };
        await PutAsync(client);

        await etcd.StopAsync();
        await etcd.StartAgainAsync(Now);
        Assert.Contains("\"count\":\"1\"", await RangeAsync(client), StringComparison.Ordinal);

        await etcd.CompactAsync(Now);
        Assert.Contains("\"count\":\"1\"", await RangeAsync(client), StringComparison.Ordinal);

        await etcd.WipeAsync(Now);
        Assert.DoesNotContain("count", await RangeAsync(client), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redis_BehindAFaultProxy_AnswersUntilItIsStalledOrReset()
    {
        await using var redis = await RedisServer.StartAsync(Now);
        await using var proxy = FaultProxy.Start(redis.Port);
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync("127.0.0.1", proxy.Port, Now);
        var stream = client.GetStream();
        var pong = new byte[7];

        await stream.WriteAsync("PING\r\n"u8.ToArray(), Now);
        await stream.ReadExactlyAsync(pong, Now);
        Assert.Equal("+PONG\r\n"u8.ToArray(), pong);

        proxy.Mode = FaultMode.Stall;
        await stream.WriteAsync("PING\r\n"u8.ToArray(), Now);
        var stalled = stream.ReadExactlyAsync(pong, Now).AsTask();
        Assert.Equal(7, proxy.DownstreamBytes);

        proxy.Mode = FaultMode.Pass;
        await stalled;
        Assert.Equal(14, proxy.DownstreamBytes);

        proxy.Mode = FaultMode.Reset;
        await Assert.ThrowsAnyAsync<IOException>(() => stream.ReadExactlyAsync(pong, Now).AsTask());
    }

    private static async Task PutAsync(HttpClient client)
    {
        using var body = new StringContent("""{"key":"a2V5","value":"dg=="}""");
        using var response = await client.PostAsync(new Uri("/v3/kv/put", UriKind.Relative), body, Now);
        response.EnsureSuccessStatusCode();
    }

    private static async Task<string> RangeAsync(HttpClient client)
    {
        using var body = new StringContent("""{"key":"a2V5"}""");
        using var response = await client.PostAsync(new Uri("/v3/kv/range", UriKind.Relative), body, Now);
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(Now);
    }
}
