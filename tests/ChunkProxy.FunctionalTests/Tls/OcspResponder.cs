using System.Net;
using ChunkProxy.Testing.Signals;
using ChunkProxy.Testing.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ChunkProxy.FunctionalTests.Tls;

/// <summary>An OCSP responder (RFC 6960 appendix A) that can be held back.</summary>
internal sealed class OcspResponder : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TestAuthority _authority;

    private OcspResponder(TestAuthority authority)
    {
        _authority = authority;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public Uri Address => new(_app.Urls.First());

    /// <summary>What every request must pass.</summary>
    public Gate Gate { get; } = new();

    public static async Task<OcspResponder> StartAsync(TestAuthority authority, CancellationToken cancellationToken)
    {
        var responder = new OcspResponder(authority);
        await responder._app.StartAsync(cancellationToken);
        return responder;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        await Gate.PassAsync(context.RequestAborted);
        byte[] request;
        if (HttpMethods.IsPost(context.Request.Method))
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            request = body.ToArray();
        }
        else
        {
            request = Convert.FromBase64String(Uri.UnescapeDataString(context.Request.Path.Value!.TrimStart('/')));
        }

        context.Response.ContentType = "application/ocsp-response";
        await context.Response.Body.WriteAsync(await _authority.AnswerAsync(request, context.RequestAborted), context.RequestAborted);
    }
}
