using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ChunkProxy.AppHost.Local;

/// <summary>Ports of this machine: the usual ones where they are free, so that a member comes back under the name it had, and owns what it owned.</summary>
/// <param name="usual">False: every port is one that is free, so that several clusters run beside each other.</param>
/// <param name="console">Told when a usual port is taken.</param>
internal sealed class LocalPorts(bool usual, PrefixedConsole console)
{
    private const int FirstCache = 7071;
    private const int FirstCacheHttp = 7171;
    private const int Origin = 8190;
    private const int EtcdClient = 12379;
    private const int EtcdPeer = 12380;
    private const int RedisServer = 16379;

    // Below those that Linux gives to outgoing connections (32768 and up): one of those may have the port when a process that ended comes back to it.
    private const int FirstFree = 20_000;
    private const int LastFree = 32_000;

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
        if (wanted != 0 && IsFree(wanted))
        {
            _given.Add(wanted);
            return wanted;
        }

        int port;
        do
        {
            port = Random.Shared.Next(FirstFree, LastFree);
        }
        while (!IsFree(port) || !_given.Add(port));

        if (wanted != 0)
        {
            console.Write(who, string.Create(CultureInfo.InvariantCulture, $"port {wanted} is taken; {port} is used"));
        }

        return port;
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
