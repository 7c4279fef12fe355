using System.Globalization;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.Testing.HaProxy;

/// <summary>Debian's HAProxy as a child process. A request names its server with the field <c>X-Server</c>.</summary>
public sealed class HaProxyServer : ServerProcess
{
    private readonly IReadOnlyDictionary<string, string> _servers;

    private HaProxyServer(IReadOnlyDictionary<string, string> servers) => _servers = servers;

    /// <summary>The base URL, with a trailing slash.</summary>
    public Uri BaseAddress => new($"http://127.0.0.1:{Port}/");

    /// <param name="servers">Address and options of each server, by name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<HaProxyServer> StartAsync(IReadOnlyDictionary<string, string> servers, CancellationToken cancellationToken)
    {
        var server = new HaProxyServer(servers);
        await server.StartOnFreePortAsync(cancellationToken);
        return server;
    }

    protected override ChildProcess Launch()
    {
        var file = Folder.Combine("haproxy.cfg");
        File.WriteAllText(file, Configuration());
        return ChildProcess.Start("haproxy", ["-W", "-db", "-f", file]);
    }

    // Of the master, when the worker listens.
    protected override bool IsReadyLine(string line) => line.Contains("Loading success", StringComparison.Ordinal);

    private string Configuration()
    {
        var backends = _servers.Select(server => $"backend {server.Key}\n  server it {server.Value}\n");
        return string.Create(CultureInfo.InvariantCulture, $"""
            global
              maxconn 200
            defaults
              mode http
              timeout connect 10s
              timeout client 60s
              timeout server 60s
            frontend all
              bind 127.0.0.1:{Port}
              use_backend %[req.hdr(x-server)]
            {string.Concat(backends)}
            """);
    }
}
