using System.Collections.Concurrent;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Signals;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ChunkProxy.Cache.Tests.Peers;

/// <summary>A pool port with scripted responses, or none, that records requests.</summary>
internal sealed class ScriptedPeer : IAsyncDisposable
{
    /// <summary>Appended to the recorded path of a request for cached chunks only.</summary>
    public const string CachedOnly = " only if cached";

    private readonly WebApplication _server;
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly ChangeSignal _changed = new();

    private ScriptedPeer(string id, RequestDelegate answer)
    {
        Id = id;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://{id}");
        _server = builder.Build();
        _server.Run(async context =>
        {
            _asked.Enqueue(context.Request.Path.Value + (context.Request.Headers.ContainsKey(PoolProtocol.OnlyIfCached) ? CachedOnly : ""));
            _changed.Raise();
            try
            {
                await answer(context);
            }
            catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
            {
                // The client gave up.
            }
        });
    }

    public string Id { get; }

    /// <summary>The paths that it was asked for, in order; with <see cref="CachedOnly"/> behind them where that was so.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    /// <summary>Never answers.</summary>
    public static Task HangAsync(HttpContext context) => new TaskCompletionSource().Task.WaitAsync(context.RequestAborted);

    /// <summary>Responds to pings only.</summary>
    public static Task AnswerPingsAloneAsync(HttpContext context) => IsPing(context) ? Task.CompletedTask : HangAsync(context);

    public static bool IsPing(HttpContext context) => context.Request.Path == PoolProtocol.PingPath;

    public static async Task<ScriptedPeer> StartAsync(RequestDelegate answer, CancellationToken cancellationToken)
    {
        var peer = new ScriptedPeer($"127.0.0.1:{FreePort.Next()}", answer);
        await peer._server.StartAsync(cancellationToken);
        return peer;
    }

    public int TimesAsked(string path) => _asked.Count(it => it == path);

    public Task WhenAskedAsync(string path, int times, CancellationToken cancellationToken) =>
        _changed.UntilAsync(() => TimesAsked(path) >= times, $"{times} × {path}", cancellationToken);

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
