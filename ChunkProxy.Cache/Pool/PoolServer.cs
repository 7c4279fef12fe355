using ChunkProxy.Cache.Draining;
using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Purges.Exchange;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.ZeroCopy;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Pool;

/// <summary>Opens the pool port, takes part in the membership, and takes leave of both in the right order.</summary>
/// <remarks>
/// The pool has a server of its own: its port is not for clients, and it must answer until the clients' requests have been drained.
/// Start: the port, then the membership, so that nobody asks a closed port. Stop: first leave, so that nobody new asks; hand the
/// hottest chunks on; let the clients' server drain; close the port last.
/// </remarks>
internal sealed class PoolServer(
    IMembershipSource membership,
    PoolEndpoints endpoints,
    PoolSecurity security,
    HandOver handOver,
    PurgeExchange purges,
    PurgeListeners listeners,
    RecentEvents events,
    IOptions<PoolOptions> options,
    ILoggerFactory logs) : IAsyncDisposable
{
    private WebApplication? _server;

    /// <summary>Where the pool listens; empty for a process that owns nothing.</summary>
    public IEnumerable<string> Addresses => _server?.Urls ?? [];

    private string Key => $"{PoolOptions.Section}:{(options.Value.PoolListen is null ? nameof(PoolOptions.PoolAddr) : nameof(PoolOptions.PoolListen))}";

    private HostPort Listen => HostPort.Parse(options.Value.PoolListen ?? options.Value.PoolAddr);

    /// <summary>Opens the port, then joins.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (membership.Self is not null)
        {
            _server = Build();
            await KestrelListening.StartAsync(_server, Key, Listen, cancellationToken).ConfigureAwait(false);
        }

        membership.Changed += owners => events.NoteMembers(owners.Epoch);
        await membership.StartAsync(cancellationToken).ConfigureAwait(false);
        purges.Start();
    }

    /// <summary>Leaves the membership and hands chunks on; the port stays open.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        await membership.LeaveAsync(cancellationToken).ConfigureAwait(false);
        if (membership.Self is not null && membership.Owners.Epoch.Find(membership.Self.Id) is null)
        {
            await handOver.GiveAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Closes the port when the requests under way have been answered.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        listeners.Close();
        if (_server is not null)
        {
            await _server.StopAsync(cancellationToken).ConfigureAwait(false);
        }

        await purges.DisposeAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync().ConfigureAwait(false);
        }
    }

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
