using System.Globalization;

namespace ChunkProxy.AppHost.Local;

/// <summary>The topology as processes of this machine.</summary>
/// <param name="topology">What is wanted.</param>
/// <param name="ports">Where each listens.</param>
/// <param name="state">Where each keeps what it keeps.</param>
/// <param name="etcd">Path of etcd; null: the members are listed.</param>
/// <param name="redis">Path of redis-server; null: no Redis.</param>
internal sealed class LocalPlan(Topology topology, LocalPorts ports, StateFolder state, string? etcd, string? redis)
{
    public IReadOnlyList<LocalProcess> Processes()
    {
        var (pool, servers) = Servers();
        var poolAddresses = Enumerable.Range(1, topology.CacheNodes).Select(number => Loopback(ports.Pool(number))).ToArray();
        if (etcd is null && poolAddresses is not [])
        {
            pool[Setting.PoolPeers] = string.Join(',', poolAddresses);
        }

        var caches = poolAddresses.Select((address, index) => Cache(index + 1, address, pool, servers)).ToArray();
        return [.. servers, .. caches, Web(pool, [.. servers, .. caches])];
    }

    private static string Loopback(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    private static LocalProcess DotNet(string name, string program, params IEnumerable<string> arguments) =>
        new(name, Executables.DotNet, [program, .. arguments]) { Probe = new Uri("tcp://unset") };

    /// <summary>Returns what all of the product is told, and the processes that it needs.</summary>
    private (Dictionary<string, string> Pool, List<LocalProcess> Servers) Servers()
    {
        var servers = new List<LocalProcess>();
        var pool = new Dictionary<string, string>(topology.SharedSettings)
        {
            [Setting.PoolKeyFile] = state.KeyFile("pool-key"),
            [Setting.Url] = topology.OriginUrl?.AbsoluteUri ?? SampleOrigin(servers),
        };
        if (etcd is not null && topology.CacheNodes > 0)
        {
            pool[Setting.Coord] = Etcd(etcd, servers);
        }

        if (redis is not null)
        {
            pool[Setting.Redis] = Redis(redis, servers);
        }

        return (pool, servers);
    }

    private string SampleOrigin(List<LocalProcess> servers)
    {
        var url = $"http://{Loopback(ports.SampleOrigin())}/";
        servers.Add(DotNet(Topology.SampleOrigin, LocalPrograms.SampleOrigin, "--urls", url) with
        {
            Environment = Environment(Topology.SampleOrigin, []),
            Probe = new Uri($"{url}health"),
            Links = [(url, "the films at their origin")],
        });
        return url;
    }

    private string Etcd(string program, List<LocalProcess> servers)
    {
        var (clientPort, peerPort) = ports.Etcd();
        var (client, peer) = ($"http://{Loopback(clientPort)}", $"http://{Loopback(peerPort)}");
        servers.Add(new LocalProcess(
            Topology.Etcd,
            program,
            [
                "--name", Topology.Etcd, "--data-dir", state.Of(Topology.Etcd), "--log-level", "error", "--logger", "zap",
                "--listen-client-urls", client, "--advertise-client-urls", client,
                "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", $"{Topology.Etcd}={peer}",
            ])
        {
            Probe = new Uri($"{client}/health"),
            Links = [(client, "membership")],
        });
        return client;
    }

    private string Redis(string program, List<LocalProcess> servers)
    {
        var port = ports.Redis();
        servers.Add(new LocalProcess(
            Topology.Redis,
            program,
            [
                "--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", state.Of(Topology.Redis),
                "--loglevel", "warning", .. Topology.RedisLimits,
            ])
        {
            Probe = new Uri($"tcp://{Loopback(port)}"),
            Links = [(Loopback(port), "super-hot chunks")],
        });
        return Loopback(port);
    }

    private LocalProcess Cache(int number, string poolAddress, IReadOnlyDictionary<string, string> pool, IEnumerable<LocalProcess> after)
    {
        var name = Topology.CacheName(number);
        var http = $"http://{Loopback(ports.CacheHttp(number))}";
        return DotNet(name, LocalPrograms.Cache, "--urls", http) with
        {
            Environment = Environment(
                name,
                [
                    .. pool,
                    new(Setting.PoolAddr, poolAddress), new(Setting.Dir, state.Of(name)), new(Setting.DiskSize, topology.DiskSize),
                ]),
            Probe = new Uri($"{http}/health"),
            After = [.. after.Select(process => process.Name)],
            Links = [(poolAddress, "owns chunks")],
        };
    }

    private LocalProcess Web(IReadOnlyDictionary<string, string> pool, IEnumerable<LocalProcess> after)
    {
        var address = Loopback(ports.Web(topology.WebPort));
        var adminKey = state.KeyFile("admin-key");
        KeyValuePair<string, string>[] own = topology.CacheNodes > 0
            ? [new(Setting.PoolAddr, Setting.OwnsNothing), new(Setting.DiskSize, "0")]
            : [new(Setting.Dir, state.Of(Topology.Web)), new(Setting.DiskSize, topology.DiskSize)];
        return DotNet(Topology.Web, LocalPrograms.Web) with
        {
            Environment = Environment(Topology.Web, [.. pool, .. own, new(Setting.WebAddr, address), new(Setting.AdminKeyFile, adminKey)]),
            Probe = new Uri($"http://{address}{Topology.ReservedPath}/health"),
            After = [.. after.Select(process => process.Name)],
            Links =
            [
                ($"http://{address}/", topology.OriginUrl is null ? "the sample films, through the proxy" : "your origin, through the proxy"),
                ($"http://{address}{Topology.StatusPath}", $"status; the key for its actions is in {adminKey}"),
            ],
        };
    }

    private static Dictionary<string, string> Environment(string name, IEnumerable<KeyValuePair<string, string>> settings) => new(settings)
    {
        ["DOTNET_ENVIRONMENT"] = "Development",
        ["ASPNETCORE_ENVIRONMENT"] = "Development",
        ["OTEL_SERVICE_NAME"] = name,
        ["Logging__LogLevel__Microsoft"] = "Warning", // a line a request would drown what the product itself says
        ["Logging__Console__FormatterName"] = "simple",
        ["Logging__Console__FormatterOptions__SingleLine"] = "true",
        ["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"] = PrefixedConsole.WantsColours ? "1" : "0",
    };
}
