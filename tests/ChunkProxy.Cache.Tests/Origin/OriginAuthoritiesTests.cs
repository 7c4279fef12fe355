using System.Net;
using System.Security.Cryptography.X509Certificates;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tests.Lookup;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ChunkProxy.Cache.Tests.Origin;

/// <summary>An https origin whose certificate the machine does not trust.</summary>
public sealed class OriginAuthoritiesTests : IDisposable
{
    private const int Size = 100_000;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("media.example", true, null)]
    [InlineData("media.example", false, ProxyError.OriginUnreachable)] // nobody vouches for it
    [InlineData("other.example", true, ProxyError.OriginUnreachable)] // the certificate is for another name
    public async Task Find_OriginWithItsOwnAuthority_IsAcceptedUnderItsName(string host, bool isTrusted, ProxyError? error)
    {
        var certificate = TestCertificate.For("media.example");
        var file = certificate.WriteOneFile(_folder.Combine("origin.pem"));
        await using var server = await StartAsync(X509Certificate2.CreateFromPem(certificate.Certificate, certificate.Key));
        await using var unused = ScriptedOrigin.Start();
        await using var engine = new Engine(
            unused, time: null, ("Url", server.Urls.Single()), ("OriginHost", host), ("Origin:Attempts", "1"), ("Origin:CaFile", isTrusted ? file : ""));

        var found = await engine.Reader.FindAsync(engine.At("/film"), 0, Stop);

        Assert.Equal(error, found.Version is null ? found.Error : null);
        if (error is null)
        {
            await engine.ReadAsync("/film", ByteRange.Whole(Size), Stop);
        }
    }

    private static async Task<WebApplication> StartAsync(X509Certificate2 certificate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listener => listener.UseHttps(certificate)));
        var server = builder.Build();
        server.Run(context =>
        {
            context.Response.Headers.ETag = "\"v1\"";
            context.Response.Headers.CacheControl = "max-age=3600";
            return Results.Bytes(TestData.Bytes(1, 0, Size), entityTag: new("\"v1\""), enableRangeProcessing: true).ExecuteAsync(context);
        });
        await server.StartAsync(Stop);
        return server;
    }
}
