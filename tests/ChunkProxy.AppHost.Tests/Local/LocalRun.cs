using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.AppHost.Tests.Local;

/// <summary>The local runner as a real process, on free ports, with a state folder of its own.</summary>
internal sealed partial class LocalRun : IAsyncDisposable
{
    /// <summary>
    /// For tests that count what the origin is asked for: a member that does not get its turn on a busy machine is waited for, and not gone round.
    /// Whoever asks how the members are waits no longer than usual.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, string?> PatientWithMembers = new Dictionary<string, string?>
    {
        [Testing.Nodes.Setting.InEnvironment("Peers:Silence")] = "00:00:20",
    };

    private readonly ChildProcess _runner;
    private readonly TemporaryFolder _state;

    private LocalRun(ChildProcess runner, TemporaryFolder state)
    {
        _runner = runner;
        _state = state;
    }

    public int Id => _runner.Id;

    /// <summary>The front end, with a slash at its end.</summary>
    public Uri Web { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public IReadOnlyList<string> Lines => _runner.Lines;

    /// <summary>Starts the runner and waits for nothing.</summary>
    public static LocalRun Launch(IReadOnlyDictionary<string, string?>? environment, params IEnumerable<string> arguments)
    {
        var state = new TemporaryFolder();
        var all = new Dictionary<string, string?>(environment ?? new Dictionary<string, string?>()) { ["NO_COLOR"] = "1" };
        var runner = ChildProcess.Start(
            Executables.DotNet,
            [typeof(Topology).Assembly.Location, "--State:Dir", state.Path, "--Ports:Usual", "false", "--Web:Port", "0", .. arguments],
            all);
        return new LocalRun(runner, state);
    }

    /// <summary>Starts the runner and returns once everything is ready.</summary>
    public static async Task<LocalRun> StartAsync(
        CancellationToken cancellationToken, IReadOnlyDictionary<string, string?>? environment = null, params IEnumerable<string> arguments)
    {
        var run = Launch(environment, arguments);
        try
        {
            await run.WhenLineAsync(line => line.Contains("Ctrl-C ends it all", StringComparison.Ordinal), "all is ready", cancellationToken);
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }

        run.Web = run.Links().First(link => link.Name == Topology.Web).Url;
        run.Client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = run.Web, Timeout = TimeSpan.FromMinutes(1) };
        return run;
    }

    public Task<string> WhenLineAsync(Func<string, bool> matches, string what, CancellationToken cancellationToken) =>
        _runner.WhenLineAsync(matches, what, cancellationToken);

    /// <summary>Returns once the front end has learnt from etcd of that many cache services.</summary>
    public Task WhenMembersAsync(int count, CancellationToken cancellationToken)
    {
        var known = string.Create(CultureInfo.InvariantCulture, $": {count} members");
        return WhenLineAsync(
            line => line.StartsWith(Topology.Web, StringComparison.Ordinal) && line.Contains(known, StringComparison.Ordinal),
            $"the front end knows of {count} members",
            cancellationToken);
    }

    /// <summary>How many reads the front end has made, by where the bytes came from.</summary>
    public async Task<IReadOnlyDictionary<string, int>> ReadsBySourceAsync(CancellationToken cancellationToken)
    {
        using var stats = JsonDocument.Parse(await Client.GetStringAsync($"{Topology.ReservedPath}/stats", cancellationToken));
        return stats.RootElement.GetProperty("reads").GetProperty("bySource").EnumerateObject().ToDictionary(source => source.Name, source => source.Value.GetInt32());
    }

    /// <summary>What the runner tells people to open.</summary>
    public IEnumerable<(string Name, Uri Url)> Links() =>
        Lines.Select(line => LinkLine().Match(line)).Where(match => match.Success)
            .Select(match => (match.Groups[1].Value, new Uri(match.Groups[2].Value)));

    /// <summary>The processes that are running under a name, the last started one last.</summary>
    public int[] ProcessesOf(string name) =>
        [.. Ready().Where(ready => ready.Name == name).Select(ready => ready.Id)];

    /// <summary>Every process that was ever ready.</summary>
    public int[] AllProcesses() => [.. Ready().Select(ready => ready.Id)];

    /// <summary>Kills the newest process of that name (SIGKILL), and returns once the runner has another one ready.</summary>
    public async Task KillAndAwaitNextAsync(string name, CancellationToken cancellationToken)
    {
        var before = ProcessesOf(name);
        Kill(before[^1]);
        await WhenLineAsync(_ => ProcessesOf(name).Length > before.Length, $"{name} is ready again", cancellationToken);
    }

    public static void Kill(int id)
    {
        using var process = Process.GetProcessById(id);
        process.Kill();
    }

    public async Task<byte[]> GetRangeAsync(string path, long from, int length, CancellationToken cancellationToken)
    {
        using var response = await SendRangeAsync(path, from, length, cancellationToken);
        return await response.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    public async Task<HttpResponseMessage> SendRangeAsync(string path, long from, int length, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Range = new(from, from + length - 1) } };
        return await Client.SendAsync(request, cancellationToken);
    }

    /// <summary>SIGTERM; returns the exit code.</summary>
    public Task<int> StopAsync(CancellationToken cancellationToken) => _runner.StopAsync(cancellationToken);

    public Task<int> WhenExitedAsync(CancellationToken cancellationToken) => _runner.WhenExitedAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        await _runner.DisposeAsync(); // kills; the guard ends the rest
        foreach (var process in AllProcesses())
        {
            await WhenGoneAsync(process);
        }

        _state.Dispose();
    }

    /// <summary>Returns once a process that is not this one's child has ended.</summary>
    public static async Task WhenGoneAsync(int id)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (IsAlive(id))
        {
            // The kernel tells nobody but the parent.
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }

    // A zombie has ended; whoever adopted it has not yet looked.
    private static bool IsAlive(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..][0] is not 'Z';
        }
        catch (IOException)
        {
            return false;
        }
    }

    private IEnumerable<(string Name, int Id)> Ready() =>
        Lines.Select(line => ReadyLine().Match(line)).Where(match => match.Success)
            .Select(match => (match.Groups[1].Value, int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture)));

    [GeneratedRegex(@"^(\S+) +\| ready, process (\d+)")]
    private static partial Regex ReadyLine();

    [GeneratedRegex(@"^apphost +\| (\S+) +(http://\S+) ")]
    private static partial Regex LinkLine();
}
