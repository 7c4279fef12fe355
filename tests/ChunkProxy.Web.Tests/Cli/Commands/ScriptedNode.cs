using System.Collections.Concurrent;
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

namespace ChunkProxy.Web.Tests.Cli.Commands;

/// <summary>A server with scripted answers to commands.</summary>
internal sealed class ScriptedNode : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptedNode(WebApplication app)
    {
        _app = app;
        Url = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
    }

    public string Url { get; }

    /// <summary>Method, path with query, and key, in the order of arrival.</summary>
    public ConcurrentQueue<(string Method, string Target, string? Key)> Requests { get; } = [];

    /// <param name="answer">Returns status and body for a method and a path with its query.</param>
    /// <param name="type">Of the bodies.</param>
    public static async Task<ScriptedNode> StartAsync(Func<string, string, (int Status, string Body)> answer, string type = "application/json")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        ScriptedNode? node = null;
        app.Run(context =>
        {
            var request = context.Request;
            node!.Requests.Enqueue((request.Method, request.Path + request.QueryString, request.Headers.Authorization));
            var (status, body) = answer(request.Method, request.Path + request.QueryString);
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            return context.Response.WriteAsync(body);
        });
        await app.StartAsync();
        return node = new ScriptedNode(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }
}
