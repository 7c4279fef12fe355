using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChunkProxy.FunctionalTests.PrivateOrigins;

/// <summary>The endpoint at which a program in Azure App Service asks for tokens of its managed identity.</summary>
internal sealed class IdentityServer : IAsyncDisposable
{
    private const string Header = "the-secret-of-the-identity-endpoint";

    private readonly WebApplication _app;

    private IdentityServer(WebApplication app) => _app = app;

    /// <summary>The variables by which the Azure SDK finds it.</summary>
    public IReadOnlyDictionary<string, string?> Environment => new Dictionary<string, string?>
    {
        ["IDENTITY_ENDPOINT"] = _app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single() + "/token",
        ["IDENTITY_HEADER"] = Header,
    };

    /// <summary>The queries of the requests.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    /// <summary>The tokens that it gave away.</summary>
    public ConcurrentQueue<string> Tokens { get; } = [];

    /// <summary>Whether it refuses.</summary>
    public bool Fails { get; set; }

    public static async Task<IdentityServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var server = new IdentityServer(app);
        app.MapGet("/token", server.AnswerAsync);
        await app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private Task AnswerAsync(HttpContext context)
    {
        Asked.Enqueue(context.Request.QueryString.Value ?? "");
        if (Fails || context.Request.Headers["X-IDENTITY-HEADER"] != Header)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return context.Response.WriteAsJsonAsync(new { statusCode = 400, message = "no identity is assigned" });
        }

        var lifetime = TimeSpan.FromHours(1);
        var token = StorageToken.Create(lifetime);
        Tokens.Enqueue(token);
        var expires = (TimeProvider.System.GetUtcNow() + lifetime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return context.Response.WriteAsJsonAsync(new { access_token = token, expires_on = expires, resource = "https://storage.azure.com", token_type = "Bearer", client_id = "test" });
    }
}
