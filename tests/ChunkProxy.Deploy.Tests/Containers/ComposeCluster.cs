using System.Net.Http.Headers;
using System.Text.Json;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.Deploy.Tests.Containers;

/// <summary>deploy/compose.yaml as real containers with the sample films, under a separate project name.</summary>
internal sealed class ComposeCluster : IAsyncDisposable
{
    private const string Network = "cluster";

    // An addition to the deployment: lets the test read the films without the cache.
    private const string Override = """
        services:
          sample-origin:
            ports: ["127.0.0.1:{0}:8080"]

        """;

    private readonly TemporaryFolder _folder = new();
    private readonly string _project = $"chunkproxy-test-{Guid.NewGuid():N}"[..24];
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromMinutes(2) };
    private readonly int _clients = FreePort.Next();
    private readonly int _operators = FreePort.Next();
    private readonly int _origin = FreePort.Next();
    private string _adminKey = "";

    private ComposeCluster()
    {
    }

    /// <summary>The cluster's files, with <c>.env</c> filled in and keys made; nothing runs yet.</summary>
    /// <param name="settings">Further variables of <c>.env</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<ComposeCluster> PrepareAsync(IEnumerable<(string Name, string Value)> settings, CancellationToken cancellationToken)
    {
        var cluster = new ComposeCluster();
        foreach (var file in new[] { "compose.yaml", ".env", "keys.sh" })
        {
            File.Copy(DeployFolder.Combine(file), cluster._folder.Combine(file));
        }

        await ChildProcess.RunAsync("/bin/sh", [cluster._folder.Combine("keys.sh")], cancellationToken);
        cluster._adminKey = await File.ReadAllTextAsync(cluster._folder.Combine("secrets", "admin-key"), cancellationToken);
        await File.WriteAllTextAsync(cluster._folder.Combine("test.yaml"), Override.Replace("{0}", $"{cluster._origin}", StringComparison.Ordinal), cancellationToken);
        cluster.Set([("ORIGIN_URL", "http://sample-origin:8080/"), ("CLIENTS", $"127.0.0.1:{cluster._clients}"), ("ADMIN", $"127.0.0.1:{cluster._operators}"), .. settings]);
        return cluster;
    }

    /// <summary>Fills variables of <c>.env</c> in.</summary>
    public void Set(params IEnumerable<(string Name, string Value)> settings)
    {
        var lines = File.ReadAllLines(_folder.Combine(".env"));
        foreach (var (name, value) in settings)
        {
            var line = Array.FindIndex(lines, line => line.StartsWith($"{name}=", StringComparison.Ordinal));
            Assert.True(line >= 0, $".env has no {name}.");
            lines[line] = $"{name}={value}";
        }

        File.WriteAllLines(_folder.Combine(".env"), lines);
    }

    /// <summary>Starts services by name, because podman-compose 1.0 does not support profiles.</summary>
    public Task UpAsync(IEnumerable<string> services, CancellationToken cancellationToken) => ComposeAsync(["up", "-d", .. services], cancellationToken);

    /// <summary>Takes everything down, with its volumes; returns the containers that are left.</summary>
    public async Task<string> DownAsync(CancellationToken cancellationToken)
    {
        await ComposeAsync(["down", "-v"], cancellationToken);
        var containers = await ContainerEngine.RunAsync(["ps", "--all", "--quiet", "--filter", $"label=com.docker.compose.project={_project}"], cancellationToken);
        var volumes = await ContainerEngine.RunAsync(["volume", "ls", "--quiet", "--filter", $"label=com.docker.compose.project={_project}"], cancellationToken);
        return (containers + volumes).Trim();
    }

    /// <summary>Cuts a service off from all others: its network is gone, the process runs on.</summary>
    public Task CutOffAsync(string service, CancellationToken cancellationToken) =>
        ContainerEngine.RunAsync(["network", "disconnect", $"{_project}_{Network}", ContainerOf(service)], cancellationToken);

    public Task BringBackAsync(string service, CancellationToken cancellationToken) =>
        ContainerEngine.RunAsync(["network", "connect", "--alias", service, $"{_project}_{Network}", ContainerOf(service)], cancellationToken);

    /// <summary>Runs a program in a service's container.</summary>
    public Task<string> ExecAsync(string service, IEnumerable<string> command, CancellationToken cancellationToken) =>
        ContainerEngine.RunAsync(["exec", ContainerOf(service), .. command], cancellationToken);

    /// <summary>The output of a service.</summary>
    public Task<string> LogsAsync(string service, CancellationToken cancellationToken) =>
        ContainerEngine.LogsAsync(ContainerOf(service), cancellationToken);

    public Task<byte[]> ReadFromOriginAsync(string path, CancellationToken cancellationToken) =>
        _http.GetByteArrayAsync(new Uri($"http://127.0.0.1:{_origin}/{path}"), cancellationToken);

    /// <summary>Reads from the front end: all of it, or a part.</summary>
    public async Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken, RangeHeaderValue? range = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{_clients}/{path}");
        request.Headers.Range = range;
        using var response = await _http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    /// <summary>Waits until the front end answers, the origin too, and this many cache services answer the front end.</summary>
    public Task WhenMembersAnswerAsync(int count, CancellationToken cancellationToken) => Polling.UntilNoProblemAsync(
        async token =>
        {
            await ReadFromOriginAsync("", token);
            var answering = await AnsweringMembersAsync(token);
            return answering == count ? null : $"{answering} members answer, and not {count}";
        },
        () => AllLogsAsync(cancellationToken),
        cancellationToken);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await ComposeAsync(["down", "-v"], CancellationToken.None);
            if (!ContainerEngine.IsDocker)
            {
                await ContainerEngine.RunAsync(["network", "rm", "--force", $"{_project}_{Network}"], CancellationToken.None); // podman-compose 1.0 leaves it
            }
        }
        finally
        {
            _http.Dispose();
            _folder.Dispose();
        }
    }

    private async Task<int> AnsweringMembersAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{_operators}/_chunkproxy/stats?cluster=true");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _adminKey);
        using var response = await _http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        using var stats = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
        return stats.RootElement.GetProperty("cluster").GetProperty("members").EnumerateArray()
            .Count(member => member.GetProperty("role").GetString() == "cache" && member.GetProperty("state").GetString() == "answers");
    }

    private async Task<string> AllLogsAsync(CancellationToken cancellationToken)
    {
        var names = (await ContainerEngine.RunAsync(
            ["ps", "--all", "--format", "{{.Names}}", "--filter", $"label=com.docker.compose.project={_project}"], cancellationToken))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var logs = await Task.WhenAll(names.Select(async name => $"== {name}\n{await ContainerEngine.LogsAsync(name, cancellationToken)}"));
        return string.Join('\n', logs);
    }

    // podman-compose joins with underscores, Docker Compose with dashes.
    private string ContainerOf(string service) => ContainerEngine.IsDocker ? $"{_project}-{service}-1" : $"{_project}_{service}_1";

    private Task<string> ComposeAsync(IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        ContainerEngine.ComposeAsync(_folder.Path, ["-p", _project, "-f", "compose.yaml", "-f", "test.yaml", .. arguments], cancellationToken);
}
