using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.ZeroCopy;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Pool;

/// <summary>The port on which this process answers other members. A server of its own: the port is not for clients, and outlives theirs.</summary>
internal sealed class PoolPort(PoolEndpoints endpoints, PoolSecurity security, IOptions<PoolOptions> options, ILoggerFactory logs) : IAsyncDisposable
{
    private WebApplication? _server;

    /// <summary>Where it listens; empty while it is closed.</summary>
    public IEnumerable<string> Addresses => _server?.Urls ?? [];

    private string Key => $"{PoolOptions.Section}:{(options.Value.PoolListen is null ? nameof(PoolOptions.PoolAddr) : nameof(PoolOptions.PoolListen))}";

    private HostPort Listen => HostPort.Parse(options.Value.PoolListen ?? options.Value.PoolAddr);

    /// <exception cref="StartException">The port cannot be listened on.</exception>
    public Task OpenAsync(CancellationToken cancellationToken)
    {
        _server = Build();
        return KestrelListening.StartAsync(_server, Key, Listen, cancellationToken);
    }

    /// <summary>Closes the port when the requests under way have been answered.</summary>
    public Task CloseAsync(CancellationToken cancellationToken) => _server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "chunkproxy pool" });
        builder.Services.AddSingleton(logs);
        builder.Services.UseInlineCompletions();
        builder.WebHost.UseUrls().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MinResponseDataRate = null; // a member reads as fast as its client does
            kestrel.ConfigureEndpointDefaults(listener =>
            {
                listener.Protocols = HttpProtocols.Http1;
                security.Secure(listener);
            });
            KestrelListening.Listen(kestrel, Listen, listener =>
            {
                if (!security.UsesTls)
                {
                    listener.LendMemory();
                }
            });
        });
        var server = builder.Build();
        server.Run(endpoints.InvokeAsync);
        return server;
    }
}
