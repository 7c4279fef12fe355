using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.ZeroCopy;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Pool;

/// <summary>The port on which this process answers other members. It has a server of its own, which stops after the clients' server.</summary>
internal sealed class PoolPort(
    PoolEndpoints endpoints,
    PoolSecurity security,
    IOptions<PoolOptions> options,
    OpenFileShares openFiles,
    UnsentLimit unsent,
    ILoggerFactory logs) : IAsyncDisposable
{
    private WebApplication? _server;

    /// <summary>The addresses that it listens on; empty while it is closed.</summary>
    public IEnumerable<string> Addresses => _server?.Urls ?? [];

    private string Key => $"{PoolOptions.Section}:{(options.Value.PoolListen is null ? nameof(PoolOptions.PoolAddr) : nameof(PoolOptions.PoolListen))}";

    private HostPort Listen => HostPort.Parse(options.Value.PoolListen ?? options.Value.PoolAddr);

    /// <exception cref="StartException">The process cannot listen on the port.</exception>
    public Task OpenAsync(CancellationToken cancellationToken)
    {
        _server = Build();
        return KestrelListening.StartAsync(_server, Key, Listen, cancellationToken);
    }

    /// <summary>Closes the port after the pending requests have completed.</summary>
    public Task CloseAsync(CancellationToken cancellationToken) => _server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "chunkproxy pool" });
        builder.Services.AddSingleton(logs);
        builder.Services.AddSingleton(unsent);
        builder.Services.UseInlineCompletions();
        builder.WebHost.UseUrls().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = openFiles.FromMembers;
            kestrel.Limits.MinResponseDataRate = null; // a member reads only as fast as its client does
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
