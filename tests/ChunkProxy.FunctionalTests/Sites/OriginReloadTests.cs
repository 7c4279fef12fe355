using System.Net;
using ChunkProxy.FunctionalTests.Cluster;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.FunctionalTests.Sites;

/// <summary>Origins that change while two members run, which read their settings again one after the other.</summary>
public sealed class OriginReloadTests : IAsyncDisposable
{
    private const int Size = SeveralSites.Size;

    private readonly ScriptedOrigin _one = ScriptedOrigin.Start();
    private readonly ScriptedOrigin _two = ScriptedOrigin.Start();
    private readonly TemporaryFolder _folder = new();
    private readonly List<Node> _nodes = [];
    private readonly Gate _gate = new();

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _gate.Open();
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        await _one.DisposeAsync();
        await _two.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Hangup_OriginIsAdded_MembersServeItOneAfterTheOtherAndShareTheOldOneAllTheTime()
    {
        for (var film = 0; film < 4; film++)
        {
            SeveralSites.Add(_one, $"/{film}.mp4", seed: film);
            SeveralSites.Add(_two, $"/{film}.mp4", seed: 10 + film);
        }

        var (before, after) = (Settings(("one", _one)), Settings(("one", _one), ("two", _two)));
        await StartAsync(2, before);
        await SeveralSites.VerifyAsync(_nodes[0], "one.test", "0.mp4", seed: 0, Now);

        await ReloadAsync(0, after);
        await SeveralSites.VerifyAsync(_nodes[0], "two.test", "0.mp4", seed: 10, Now); // the other member does not know it
        await _nodes[1].WhenLineAsync(static line => line.Contains("ChunkProxy:Origins:two is unknown here, or has other settings", StringComparison.Ordinal), "the other member says so", Now);
        await SeveralSites.VerifyAsync(_nodes[1], "one.test", "0.mp4", seed: 0, Now);
        await SeveralSites.VerifyAsync(_nodes[0], "one.test", "1.mp4", seed: 1, Now);
        await SeveralSites.VerifyAsync(_nodes[1], "one.test", "1.mp4", seed: 1, Now);
        Assert.InRange(_one.BodyBytesSent, 2 * Size, 2.1 * Size); // each object once: the members share its chunks
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(1, "two.test", "0.mp4"));

        await ReloadAsync(1, after);
        await SeveralSites.VerifyAsync(_nodes[1], "two.test", "1.mp4", seed: 11, Now);
        await SeveralSites.VerifyAsync(_nodes[0], "two.test", "1.mp4", seed: 11, Now);
        Assert.InRange(_two.Requests.Where(static request => request.Path == "/1.mp4").Sum(static request => request.BodyBytesSent), Size, 1.1 * Size);

        await ReloadAsync(0, before);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(0, "two.test", "1.mp4"));
        await SeveralSites.VerifyAsync(_nodes[1], "two.test", "2.mp4", seed: 12, Now);
        await ReloadAsync(1, before);
        await SeveralSites.VerifyAsync(_nodes[0], "one.test", "2.mp4", seed: 2, Now);
        await SeveralSites.VerifyAsync(_nodes[1], "one.test", "2.mp4", seed: 2, Now);
        Assert.InRange(_one.BodyBytesSent, 3 * Size, 3.1 * Size);
    }

    [Fact]
    public async Task Hangup_UrlChanges_ReadInProgressEndsWithTheOldOriginAndNewOnesGoToTheNewOne()
    {
        _one.Add("/film.mp4", new OriginAnswer { Size = Size, Seed = 1, StallAfter = 1000, Stall = _gate }.WithHeader("Cache-Control", "max-age=3600"));
        SeveralSites.Add(_two, "/film.mp4", seed: 2);
        await StartAsync(2, Settings(("one", _one)));
        using var reading = await SendAsync(0, "one.test", "film.mp4");

        await ReloadAsync(0, Settings(("one", _two)));
        await SeveralSites.VerifyAsync(_nodes[0], "one.test", "film.mp4", seed: 2, Now);
        await ReloadAsync(1, Settings(("one", _two)));
        await SeveralSites.VerifyAsync(_nodes[1], "one.test", "film.mp4", seed: 2, Now);
        _gate.Open();

        await TestData.VerifyAsync(1, 0, Size, await reading.Content.ReadAsStreamAsync(Now), Now);
    }

    [Fact]
    public async Task Hangup_WrongOriginOrRoute_ChangesNothingAndSaysWhy()
    {
        var changed = Settings(("one", _two)); // the former origin elsewhere, which counts as little as what is wrong
        (string Settings, string Reason)[] faults =
        [
            (WithOrigin("\"Uri\": \"http://two.test/\""), "ChunkProxy:Origins:two:Uri: is not a setting here. Did you mean Url?"),
            (WithOrigin("\"Url\": \"http://two.test/\", \"Origin\": { \"Attempts\": 0 }"), "ChunkProxy:Origins:two:Origin:Attempts: 0 is out of range"),
            (WithOrigin("\"Url\": \"http://two.test/\", \"ChunkSize\": \"2MiB\""), "ChunkProxy:Origins:two:ChunkSize: is not a setting here. ChunkProxy:ChunkSize is for the whole process"),
            (changed.Replace("\"Hosts\"", "\"Hots\"", StringComparison.Ordinal), "Hots: is not a setting here"),
        ];
        await StartAsync(1, Settings(("one", _one)));

        foreach (var (settings, reason) in faults)
        {
            var path = SharedNodes.FreshPath();
            SeveralSites.Add(_one, path, seed: 1);
            SeveralSites.Add(_two, path, seed: 2);

            await WriteAsync(0, settings);
            PosixSignal.Send(_nodes[0].ProcessId, PosixSignal.Hangup);
            await _nodes[0].WhenLineAsync(line => line.Contains(reason, StringComparison.Ordinal), reason, Now);

            await SeveralSites.VerifyAsync(_nodes[0], "one.test", path[1..], seed: 1, Now);
        }

        string WithOrigin(string two) => changed.Replace("\"Origins\": {", "\"Origins\": { \"two\": { " + two + " },", StringComparison.Ordinal);
    }

    // Origins with a route each, for the host of the origin's name.
    private static string Settings(params (string Name, ScriptedOrigin Origin)[] origins) => $$"""
        { "Logging": { "LogLevel": { "ChunkProxy.Cache.Settings.SettingsReload": "Information" } },
          "ChunkProxy": {
            "Origins": { {{string.Join(", ", origins.Select(static it => $"\"{it.Name}\": {{ \"Url\": \"{it.Origin.BaseAddress}\" }}"))}} },
            "Routes": { {{string.Join(", ", origins.Select(static it => $"\"{it.Name}\": {{ \"Hosts\": \"{it.Name}.test\", \"Origin\": \"{it.Name}\" }}"))}} } } }
        """;

    private async Task StartAsync(int nodes, string settings)
    {
        var pool = Enumerable.Range(0, nodes).Select(static _ => $"127.0.0.1:{FreePort.Next()}").ToList();
        var patient = EtcdCluster.NobodyHangs.ToDictionary(static setting => Setting.InEnvironment(setting.Key), static setting => (string?)setting.Value);
        for (var i = 0; i < nodes; i++)
        {
            Directory.CreateDirectory(_folder.Combine($"{i}"));
            await WriteAsync(i, settings);
            string[] cluster = nodes == 1 ? [] : ["-pooladdr", pool[i], "-poolpeers", string.Join(',', pool)];
            _nodes.Add(await Node.StartAsync(["-size-d", "0", "-size-m", "64MiB", "-size-c", "64KiB", .. cluster], Now, patient, _folder.Combine($"{i}")));
        }
    }

    private async Task ReloadAsync(int node, string settings)
    {
        await WriteAsync(node, settings);
        var lines = CountOf("Reloaded the routes", node);
        PosixSignal.Send(_nodes[node].ProcessId, PosixSignal.Hangup);
        await _nodes[node].WhenLineAsync(_ => CountOf("Reloaded the routes", node) > lines, "the reload", Now);
    }

    private int CountOf(string text, int node) => _nodes[node].Output.Split(text).Length;

    private Task<HttpResponseMessage> SendAsync(int node, string host, string target)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, target);
        request.Headers.Host = host;
        return _nodes[node].Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Now);
    }

    private async Task<HttpStatusCode> StatusAsync(int node, string host, string target)
    {
        using var response = await SendAsync(node, host, target);
        return response.StatusCode;
    }

    private Task WriteAsync(int node, string settings) => File.WriteAllTextAsync(Path.Combine(_folder.Combine($"{node}"), "appsettings.json"), settings, Now);
}
