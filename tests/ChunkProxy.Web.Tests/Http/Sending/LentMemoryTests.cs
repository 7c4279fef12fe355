using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.ZeroCopy;
using ChunkProxy.Web.Http.Sending;
using ChunkProxy.Web.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace ChunkProxy.Web.Tests.Http.Sending;

/// <summary>Cached memory is lent to the socket, so it must not change and must not be returned too early.</summary>
public sealed class LentMemoryTests : IAsyncLifetime
{
    private const int ChunkSize = 256 * 1024;
    private const int Chunks = 8;

    private readonly MemoryChunks _memory = new(ChunkSize, 16 * ChunkSize);
    private FrontEndHost _host = null!;
    private FakeObject _film = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await FrontEndHost.StartAsync(map: MapOutput);
        _film = _host.Reader.Add(FakeObject.Film((Chunks * ChunkSize) - 777, ChunkSize, new ChunkScript { IsHot = true, Memory = _memory }));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _memory.Dispose();
    }

    [Fact]
    public async Task Get_RequestsOfAllKindsAtOnce_CachedBytesStayAsTheyAre()
    {
        var before = (await _host.SendAsync("GET", "/film")).Body;
        Assert.Equal(_film.Content, before);

        await Task.WhenAll(Enumerable.Range(0, 16).Select(PipelineAsync).Concat(Enumerable.Range(0, 16).Select(ResetAsync)));

        for (var index = 0; index < Chunks; index++)
        {
            Assert.Equal(_film.ChunkBytes(index), _memory.Find(KeyOf(index)));
        }

        Assert.Equal(_film.Content, (await _host.SendAsync("GET", "/film")).Body);
    }

    [Fact]
    public async Task Get_ChunkIsEvictedWhileItsSendIsPending_ClientGetsItsBytes()
    {
        using var connection = await RawConnection.OpenAsync(_host.Port, receiveBuffer: 4096);
        await connection.SendAsync("GET /film HTTP/1.1\r\nHost: test\r\n\r\n");
        await connection.ReadHeadAsync();

        // Memory that is not lent is overwritten repeatedly while the client reads.
        var got = new List<byte>();
        while (got.Count < _film.Content.Length)
        {
            for (var index = 0; index < Chunks; index++)
            {
                if (_memory.Find(KeyOf(index)) is not null)
                {
                    _memory.Evict(KeyOf(index));
                }
            }

            _memory.Overwrite();
            var (bytes, isWhole) = await connection.ReadBytesAsync(Math.Min(50_000, _film.Content.Length - got.Count));
            Assert.True(isWhole);
            got.AddRange(bytes);
        }

        Assert.Equal(_film.Content, got);
    }

    [Fact]
    public async Task Get_ChunkIsEvictedAfterItWasSent_NextAnswerOnTheConnectionComes()
    {
        using var connection = await RawConnection.OpenAsync(_host.Port);
        await connection.SendAsync("GET /film HTTP/1.1\r\nHost: test\r\nRange: bytes=0-99999\r\n\r\n");
        Assert.Equal(_film.Content[..100_000], (await connection.ReadAsync()).Body);
        await _host.Reader.AllLeasesReturnedAsync();
        _memory.Evict(KeyOf(0));

        await connection.SendAsync("GET /nothing HTTP/1.1\r\nHost: test\r\n\r\n");

        Assert.Equal(404, (await connection.ReadAsync()).Status);
    }

    [Fact]
    public async Task Get_ClientReadsNothing_LeaseIsHeldUntilItsBytesAreSent()
    {
        var film = _host.Reader.Add(FakeObject.Film(64 * 1024 * 1024, 64 * 1024 * 1024, path: "/large"));
        using var connection = await RawConnection.OpenAsync(_host.Port, receiveBuffer: 4096);
        await connection.SendAsync("GET /large HTTP/1.1\r\nHost: test\r\n\r\n");
        await connection.ReadHeadAsync();
        Assert.Equal(1, _host.Reader.OpenLeases); // larger than the socket's buffers

        var (bytes, isWhole) = await connection.ReadBytesAsync(film.Content.Length);

        Assert.True(isWhole);
        Assert.Equal(SHA256.HashData(film.Content), SHA256.HashData(bytes));
        await _host.Reader.AllLeasesReturnedAsync();
    }

    [Theory]
    [InlineData("GET", "HTTP/1.1", 10, nameof(LendingBodyOutput))]
    [InlineData("GET", "HTTP/1.1", 0, nameof(CopyingBodyOutput))]
    [InlineData("GET", "HTTP/1.1", null, nameof(CopyingBodyOutput))]
    [InlineData("GET", "HTTP/1.0", 10, nameof(CopyingBodyOutput))]
    [InlineData("HEAD", "HTTP/1.1", 10, nameof(CopyingBodyOutput))]
    public async Task Create_ForARequest_LendsWhereItCan(string method, string protocol, int? length, string output)
    {
        using var connection = await RawConnection.OpenAsync(_host.Port);
        await connection.SendAsync($"{method} /.output?length={length} {protocol}\r\nHost: test\r\n\r\n");
        Assert.Contains($"Output: {output}\r\n", await connection.ReadHeadAsync());
    }

    [Fact]
    public async Task Create_SetNotToLend_Copies()
    {
        await using var host = await FrontEndHost.StartAsync(options => options.LendMemory = false, MapOutput);

        Assert.Equal(nameof(CopyingBodyOutput), (await host.SendAsync("GET", "/.output?length=10"))["Output"]);
    }

    [Fact]
    public async Task Connections_OfAListenerThatLends_SystemKeepsLessUnsentOfEachTheMoreThereAre()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The limit is a Linux socket option.");
        await using var host = await FrontEndHost.StartAsync(
            map: app => app.Map("/.unsent", context =>
            {
                var option = new byte[sizeof(int)];
                context.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket.GetRawSocketOption(6, 25, option); // TCP_NOTSENT_LOWAT
                context.Response.Headers["Unsent"] = $"{BitConverter.ToInt32(option)}";
                return Task.CompletedTask;
            }),
            replace: services => services.AddSingleton(new UnsentLimit(memory: 100 * UnsentLimit.Most)));

        await ComesToAsync(UnsentLimit.Most);
        using (await RawConnection.OpenAsync(host.Port))
        {
            await ComesToAsync(UnsentLimit.Most / 2);
        }

        await ComesToAsync(UnsentLimit.Most);

        async Task ComesToAsync(int limit)
        {
            while ((await host.SendAsync("GET", "/.unsent"))["Unsent"] != $"{limit}") // the server notices later that a connection was opened or closed
            {
                TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Get_TlsOverAListenerThatLends_BytesAreEncryptedAndRight(string version)
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        await using var host = await FrontEndHost.StartAsync(listen: listener => listener.UseHttps(certificate));
        var film = host.Reader.Add(FakeObject.Film(_film.Content.Length, ChunkSize, new ChunkScript { IsHot = true, Memory = _memory }, path: "/secret"));
        using var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => certificate.Equals(shown) } };
        using var client = new HttpMessageInvoker(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://localhost:{host.Port}/secret")
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(film.Content, await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(film.ChunkBytes(0), _memory.Find(new ChunkKey(film.Version.Hash, 0)));
    }

    [Fact]
    public async Task Get_BodyIsWrappedByAFilter_FilterSeesEveryByte()
    {
        using var copy = new MemoryStream();
        await using var host = await FrontEndHost.StartAsync(map: app => app.Use(async (context, next) =>
        {
            var inner = context.Response.Body;
            context.Response.Body = copy;
            await next(context);
            context.Response.Body = inner;
            await inner.WriteAsync(copy.ToArray());
        }));
        var film = host.Reader.Add(FakeObject.Film(_film.Content.Length, ChunkSize, new ChunkScript { IsHot = true, Memory = _memory }, path: "/seen"));

        var answer = await host.SendAsync("GET", "/seen");

        Assert.Equal(film.Content, answer.Body);
        Assert.Equal(film.Content, copy.ToArray());
    }

    // Forty requests in few packets: ranges, conditions, errors. Every received byte is compared.
    private async Task PipelineAsync(int seed)
    {
        var random = new Random(seed);
        using var connection = await RawConnection.OpenAsync(_host.Port);
        var ranges = Enumerable.Range(0, 40).Select(_ => (From: random.Next(_film.Content.Length), Length: random.Next(1, 2 * ChunkSize))).ToArray();
        var requests = ranges.Select((range, i) => (i % 5) switch
        {
            1 => "HEAD /film HTTP/1.1\r\nHost: test\r\n\r\n",
            2 => "GET /not-there HTTP/1.1\r\nHost: test\r\n\r\n",
            3 => $"GET /film HTTP/1.1\r\nHost: test\r\nRange: bytes={range.From}-{range.From},{ChunkSize - 5}-{ChunkSize + 5}\r\n\r\n",
            _ => $"GET /film HTTP/1.1\r\nHost: test\r\nRange: bytes={range.From}-{range.From + range.Length - 1}\r\n\r\n",
        });
        var sending = connection.SendAsync(string.Concat(requests));
        for (var i = 0; i < ranges.Length; i++)
        {
            var answer = await connection.ReadAsync(isHead: i % 5 == 1);
            Assert.Equal((i % 5) switch { 1 => 200, 2 => 404, _ => 206 }, answer.Status);
            if (i % 5 is 0 or 4)
            {
                var (from, length) = ranges[i];
                Assert.Equal(_film.Content[from..Math.Min(_film.Content.Length, from + length)], answer.Body);
            }
        }

        await sending;
    }

    // Leaves in the middle of a body, and with a second request in the air.
    private async Task ResetAsync(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 10; i++)
        {
            using var connection = await RawConnection.OpenAsync(_host.Port, receiveBuffer: 4096);
            await connection.SendAsync(string.Concat(Enumerable.Repeat("GET /film HTTP/1.1\r\nHost: test\r\n\r\n", 2)));
            await connection.ReadHeadAsync();
            await connection.ReadBytesAsync(random.Next(2 * ChunkSize));
            connection.Reset();
        }
    }

    private ChunkKey KeyOf(int index) => new(_film.Version.Hash, index);

    private static void MapOutput(WebApplication app) => app.Map("/.output", context =>
    {
        if (long.TryParse(context.Request.Query["length"], out var length))
        {
            context.Response.ContentLength = length;
        }

        using var output = app.Services.GetRequiredService<IBodyOutputFactory>().Create(context);
        context.Response.Headers["Output"] = output.GetType().Name;
        return context.Response.ContentLength > 0 && HttpMethods.IsGet(context.Request.Method)
            ? context.Response.Body.WriteAsync(new byte[length]).AsTask()
            : Task.CompletedTask;
    });
}
