using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Signals;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChunkProxy.AppHost.Tests.Running;

/// <summary>The whole application under the real orchestrator, on free ports, with etcd and Redis from the PATH.</summary>
internal sealed class RunningCluster : IAsyncDisposable
{
    private readonly DistributedApplication _app;
    private readonly ConcurrentQueue<(string Resource, string Text)> _lines = [];
    private readonly ChangeSignal _changed = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly List<Task> _watches = [];

    private RunningCluster(DistributedApplication app) => _app = app;

    /// <summary>The front end, with a slash at its end.</summary>
    public Uri Web { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public IServiceProvider Services => _app.Services;

    /// <summary>Starts the application and returns once the front end is well.</summary>
    /// <param name="state">Its state folder.</param>
    /// <param name="environment">For every process of the product.</param>
    /// <param name="arguments">Options of the AppHost.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<RunningCluster> StartAsync(
        string state, IReadOnlyDictionary<string, string?>? environment, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.ChunkProxy_AppHost>(
            ["--State:Dir", state, "--Ports:Usual", "false", "--Web:Port", "0", "--Servers:From", "Programs", .. arguments], cancellationToken);
        builder.Services.AddLogging(logging => logging.ClearProviders()); // the tests read what they need themselves
        foreach (var project in builder.Resources.OfType<ProjectResource>())
        {
            foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            {
                builder.CreateResourceBuilder(project).WithEnvironment(name, value);
            }
        }

        var cluster = new RunningCluster(await builder.BuildAsync(cancellationToken));
        try
        {
            cluster.WatchLogs(builder.Resources.OfType<ProjectResource>().Select(project => project.Name));
            await cluster._app.StartAsync(cancellationToken);
            await cluster.WhenHealthyAsync(Names.Web, cancellationToken);
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }

        cluster.Web = cluster._app.GetEndpoint(Names.Web, "http");
        cluster.Client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = cluster.Web, Timeout = TimeSpan.FromMinutes(1) };
        return cluster;
    }

    public Task WhenHealthyAsync(string resource, CancellationToken cancellationToken) =>
        _app.ResourceNotifications.WaitForResourceHealthyAsync(resource, WaitBehavior.StopOnResourceUnavailable, cancellationToken).WaitAsync(Patience.Limit * 2, TimeProvider.System, cancellationToken);

    /// <summary>Returns once a process of the product has printed such a line.</summary>
    public Task WhenLineAsync(string resource, Func<string, bool> matches, string what, CancellationToken cancellationToken) =>
        _changed.UntilAsync(() => _lines.Any(line => line.Resource == resource && matches(line.Text)), what, cancellationToken);

    /// <summary>Returns once the front end has learnt of that many cache services.</summary>
    public Task WhenMembersAsync(int count, CancellationToken cancellationToken)
    {
        var known = string.Create(CultureInfo.InvariantCulture, $": {count} members");
        return WhenLineAsync(Names.Web, line => line.Contains(known, StringComparison.Ordinal), $"the front end knows of {count} members", cancellationToken);
    }

    /// <summary>Does what the dashboard's button does.</summary>
    public async Task ExecuteAsync(string resource, string command, CancellationToken cancellationToken)
    {
        var result = await Services.GetRequiredService<ResourceCommandService>().ExecuteCommandAsync(resource, command, cancellationToken);
        Assert.True(result.Success, result.Message);
    }

    /// <summary>Returns once the orchestrator says that the resource is in that state.</summary>
    public Task WhenStateAsync(string resource, string state, CancellationToken cancellationToken) =>
        _app.ResourceNotifications.WaitForResourceAsync(resource, state, cancellationToken).WaitAsync(Patience.Limit, TimeProvider.System, cancellationToken);

    /// <summary>The process that the orchestrator started for the resource.</summary>
    public int ProcessOf(string resource)
    {
        Assert.True(_app.ResourceNotifications.TryGetCurrentState(resource, out var state));
        return Convert.ToInt32(state.Snapshot.Properties.Single(property => property.Name == "executable.pid").Value, CultureInfo.InvariantCulture);
    }

    /// <summary>How many reads the front end has made, by where the bytes came from.</summary>
    public async Task<IReadOnlyDictionary<string, int>> ReadsBySourceAsync(CancellationToken cancellationToken)
    {
        using var stats = JsonDocument.Parse(await Client.GetStringAsync($"{Names.ReservedPath}/stats", cancellationToken));
        return stats.RootElement.GetProperty("reads").GetProperty("bySource").EnumerateObject().ToDictionary(source => source.Name, source => source.Value.GetInt32());
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

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        await _app.DisposeAsync();
        await _ended.CancelAsync();
        await Task.WhenAll(_watches);
        _ended.Dispose();
    }

    private void WatchLogs(IEnumerable<string> resources)
    {
        var logs = Services.GetRequiredService<ResourceLoggerService>();
        _watches.AddRange(resources.Select(resource => WatchAsync(logs, resource)));
    }

    private async Task WatchAsync(ResourceLoggerService logs, string resource)
    {
        try
        {
            await foreach (var batch in logs.WatchAsync(resource).WithCancellation(_ended.Token))
            {
                foreach (var line in batch)
                {
                    _lines.Enqueue((resource, line.Content));
                }

                _changed.Raise();
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }
}
