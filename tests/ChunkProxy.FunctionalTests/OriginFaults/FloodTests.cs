using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.FunctionalTests.OriginFaults;

/// <summary>One client asks for thousands of objects that are not cached, and another for one.</summary>
public sealed class FloodTests(SharedNodes nodes) : IClassFixture<SharedNodes>, IAsyncLifetime
{
    private const int Connections = 2;
    private const int Flood = 200;

    private readonly Gate _gate = new();
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly string _path = SharedNodes.FreshPath();
    private OneNode _one = null!;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _one = await nodes.GetAsync(
        "-size-d 0",
        Now,
        ("Origin:MaxConnections", Connections.ToString(CultureInfo.InvariantCulture)),
        ("Origin:FirstByteTimeout", "00:05:00"), // the test takes its time
        ("OTEL_METRICS_EXPORTER", "prometheus"));

    // Returns when nothing of this test is under way.
    public async ValueTask DisposeAsync()
    {
        _gate.Open();
        await WhenWaitingAsync(_one.Node, 0);
        await _one.Node.WhenFilledAsync(Now);
    }

    [Fact]
    public async Task Miss_WhileAnotherClientFloods_IsSentWithinTheNextTurns()
    {
        var node = _one.Node;
        using var flooder = ClientFrom("127.0.0.2", node);
        using var client = ClientFrom("127.0.0.1", node);
        for (var i = 0; i < Flood; i++)
        {
            Record($"{_path}?{i}");
        }

        Record($"{_path}?miss");
        var flood = Enumerable.Range(0, Flood).Select(i => flooder.GetAsync($"{_path}?{i}", Now)).ToList();
        await WhenWaitingAsync(node, Flood - Connections);
        var miss = client.GetAsync($"{_path}?miss", Now);
        await WhenWaitingAsync(node, Flood - Connections + 1);

        _gate.Open();
        using var answer = await miss;
        await TestData.VerifyAsync(1, 0, 100, await answer.Content.ReadAsStreamAsync(Now), Now);
        foreach (var one in flood)
        {
            using var response = await one;
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.InRange(_asked.ToList().IndexOf($"{_path}?miss"), Connections, Connections + 3); // those that were sent before, and about a turn
    }

    [Fact]
    public async Task Flood_ItsClientsLeave_SendsNothingMore()
    {
        var node = _one.Node;
        using (var flooder = ClientFrom("127.0.0.2", node))
        {
            using var leave = new CancellationTokenSource();
            for (var i = 0; i < Flood; i++)
            {
                Record($"{_path}?{i}");
            }

            var flood = Enumerable.Range(0, Flood).Select(i => flooder.GetAsync($"{_path}?{i}", leave.Token)).ToList();
            await WhenWaitingAsync(node, Flood - Connections);
            await _one.Origin.UntilAsync(_ => _asked.Count == Connections, "the first requests are sent", Now);
            await leave.CancelAsync();
            await WhenWaitingAsync(node, 0);
            await Task.WhenAll(flood).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        _gate.Open();
        Record($"{_path}?last");
        using var client = ClientFrom("127.0.0.1", node);
        using var last = await client.GetAsync($"{_path}?last", Now);

        Assert.Equal(HttpStatusCode.OK, last.StatusCode);
        Assert.Equal(Connections + 1, _asked.Count);
    }

    private void Record(string path) => _one.Origin.Add(path, 100).Script = request =>
    {
        _asked.Enqueue(request.Path);
        return new OriginAnswer { Size = 100, HoldAnswer = _gate };
    };

    private static HttpClient ClientFrom(string address, Node node) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, context.DnsEndPoint.Port), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = node.Address,
        Timeout = Patience.Limit,
    };

    // Polls, because the node does not announce changes.
    private static async Task WhenWaitingAsync(Node node, int count)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Now);
        patience.CancelAfter(Patience.Limit);
        const string Waiting = "chunkproxy_origin_requests_waiting{";
        while (true)
        {
            var metrics = await node.Client.GetStringAsync(new Uri(node.Address, "_chunkproxy/metrics"), patience.Token);
            if (metrics.Split('\n').Any(line => line.StartsWith(Waiting, StringComparison.Ordinal) && line.EndsWith($"}} {count}", StringComparison.Ordinal)))
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }
}
