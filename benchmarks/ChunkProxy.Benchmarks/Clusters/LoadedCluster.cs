using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.Benchmarks.Clusters;

/// <summary>Real processes on loopback: an origin, members that own chunks, and front ends that own none.</summary>
internal sealed class LoadedCluster : IAsyncDisposable
{
    public const int MiB = 1024 * 1024;

    private readonly ScriptedOrigin _origin = ScriptedOrigin.Start();
    private readonly List<(string Id, Node Node)> _members = [];
    private readonly List<Node> _frontEnds = [];
    private readonly HttpClient _pool = new();
    private ScriptedObject _film = null!;

    public IEnumerable<Node> Members => _members.Select(member => member.Node);

    public IReadOnlyList<Node> FrontEnds => _frontEnds;

    public long OriginBytes => _film.BodyBytesSent;

    /// <param name="members">Number of members that own chunks.</param>
    /// <param name="frontEnds">Number of front ends, which own none.</param>
    /// <param name="filmSize">Bytes of the origin's only object.</param>
    /// <param name="arguments">Flags of all processes.</param>
    /// <param name="settings">Settings of all processes that have no flag.</param>
    /// <param name="frontEndMemory">The front ends' <c>-size-m</c>.</param>
    public static async Task<LoadedCluster> StartAsync(
        int members, int frontEnds, long filmSize, IEnumerable<string> arguments, IEnumerable<(string Key, string Value)> settings, string frontEndMemory = "128MiB")
    {
        var cluster = new LoadedCluster();
        cluster._film = cluster._origin.Add("/film/0", filmSize);
        var environment = settings.ToDictionary(setting => Setting.InEnvironment(setting.Key), setting => (string?)setting.Value);
        environment["DOTNET_gcServer"] = "0";
        var ids = Enumerable.Range(0, members).Select(_ => $"127.0.0.1:{FreePort.Next()}").ToList();
        string[] all = ["-url", cluster._origin.BaseAddress.ToString(), "-poolpeers", string.Join(',', ids), "-size-d", "0", .. arguments];
        foreach (var id in ids)
        {
            cluster._members.Add((id, await Node.StartAsync([.. all, "-pooladdr", id, "-size-m", "128MiB"], CancellationToken.None, environment)));
        }

        for (var i = 0; i < frontEnds; i++)
        {
            cluster._frontEnds.Add(await Node.StartAsync([.. all, "-pooladdr", "none", "-size-m", frontEndMemory], CancellationToken.None, environment));
        }

        return cluster;
    }

    /// <summary>Reads a range of the film through a front end, and compares every byte.</summary>
    public async Task ReadAsync(Node frontEnd, long start, long length)
    {
        using var response = await frontEnd.GetAsync(_film.Path, CancellationToken.None, start, start + length - 1);
        response.EnsureSuccessStatusCode();
        await TestData.VerifyAsync(_film.Answer.Seed, start, length, await response.Content.ReadAsStreamAsync(), CancellationToken.None);
    }

    /// <summary>Returns what each member served to others, from its pool port, and its processor time.</summary>
    public async Task<IReadOnlyList<MemberLoad>> LoadsAsync()
    {
        var loads = new List<MemberLoad>();
        foreach (var (id, node) in _members)
        {
            var figures = await _pool.GetFromJsonAsync<JsonElement>(new Uri($"http://{id}/pool/v1/stats"));
            loads.Add(new MemberLoad(
                figures.GetProperty("served").EnumerateObject().Sum(source => source.Value.GetInt64()), figures.GetProperty("servedBytes").GetInt64(), ProcessorSeconds(node)));
        }

        return loads;
    }

    public static double ProcessorSeconds(Node node)
    {
        const double TicksPerSecond = 100; // proc(5): USER_HZ
        var fields = File.ReadAllText($"/proc/{node.ProcessId}/stat").Split(") ")[^1].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _frontEnds.Concat(_members.Select(member => member.Node)))
        {
            await node.DisposeAsync();
        }

        _pool.Dispose();
        await _origin.DisposeAsync();
    }
}
