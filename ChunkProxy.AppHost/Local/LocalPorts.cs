using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ChunkProxy.AppHost.Local;

/// <summary>Ports of this machine: the usual ones where they are free, so that a member comes back under the name it had, and owns what it owned.</summary>
/// <param name="usual">False: every port is one the system picks, so that several clusters run beside each other.</param>
/// <param name="console">Told when a usual port is taken.</param>
internal sealed class LocalPorts(bool usual, PrefixedConsole console)
{
    private const int FirstCache = 7071;
    private const int FirstCacheHttp = 7171;
    private const int Origin = 8190;
    private const int EtcdClient = 12379;
    private const int EtcdPeer = 12380;
    private const int RedisServer = 16379;

    private readonly HashSet<int> _given = [];

    public int Web(int wanted) => Take(wanted, Topology.Web);

    public int SampleOrigin() => Usually(Origin, Topology.SampleOrigin);

    public int Pool(int cache) => Usually(FirstCache + cache - 1, Topology.CacheName(cache));

    public int CacheHttp(int cache) => Usually(FirstCacheHttp + cache - 1, Topology.CacheName(cache));

    public (int Client, int Peer) Etcd() => (Usually(EtcdClient, Topology.Etcd), Usually(EtcdPeer, Topology.Etcd));

    public int Redis() => Usually(RedisServer, Topology.Redis);

    private int Usually(int port, string who) => Take(usual ? port : 0, who);

    // Somebody else may take the port before the process does; the process then ends with a message of its own.
    private int Take(int wanted, string who)
    {
        if (wanted != 0 && TryBind(wanted, out _))
        {
            _given.Add(wanted);
            return wanted;
        }

        int port;
        do
        {
            TryBind(0, out port);
        }
        while (!_given.Add(port));

        if (wanted != 0)
        {
            console.Write(who, string.Create(CultureInfo.InvariantCulture, $"port {wanted} is taken; {port} is used"));
        }

        return port;
    }

    private static bool TryBind(int wanted, out int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, wanted));
            port = ((IPEndPoint)socket.LocalEndPoint!).Port;
            return true;
        }
        catch (SocketException)
        {
            port = 0;
            return false;
        }
    }
}
