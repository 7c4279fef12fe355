using System.Globalization;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Signals;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace ChunkProxy.AppHost.Tests.Running;

/// <summary>The whole application under the real orchestrator, on free ports, with etcd and Redis from the PATH.</summary>
internal sealed class RunningCluster : IAsyncDisposable
{
    private readonly DistributedApplication _app;
    private ConnectionMultiplexer? _redis;

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
        builder.Services.AddLogging(logging => logging.ClearProviders()); // the tests read the logs that they need
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
            await cluster._app.StartAsync(cancellationToken);
            await cluster.WhenHealthyAsync(Names.Web, cancellationToken);
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }

        cluster.Connect();
        return cluster;
    }

    /// <summary>Restarts the front end, whose figures then begin at zero; returns once it answers and that many cache services do.</summary>
    public async Task RestartFrontEndAsync(int members, CancellationToken cancellationToken)
    {
        await ExecuteAsync(Names.Web, KnownResourceCommands.StopCommand, cancellationToken);
        await WhenStateAsync(Names.Web, KnownResourceStates.TerminalStates, cancellationToken);
        await ExecuteAsync(Names.Web, KnownResourceCommands.StartCommand, cancellationToken);
        await WhenStateAsync(Names.Web, [KnownResourceStates.Running], cancellationToken);
        Client.Dispose();
        Connect();
        await WhenListeningAsync(cancellationToken);
        await WhenMembersAsync(members, cancellationToken);
    }

    private void Connect()
    {
        Web = _app.GetEndpoint(Names.Web, "http");
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Web, Timeout = TimeSpan.FromMinutes(1) };
    }

    // "dotnet run" is in the state of running before the program is, and the reports on its health may be those of the run before.
    private Task WhenListeningAsync(CancellationToken cancellationToken) => PollAsync(
        async () =>
        {
            try
            {
                using var answer = await Client.GetAsync($"{Names.ReservedPath}{Names.AlivePath}", cancellationToken);
                return (true, "");
            }
            catch (HttpRequestException refused) when (refused.HttpRequestError == HttpRequestError.ConnectionError)
            {
                return (false, "the front end listens again");
            }
        },
        cancellationToken);

    public Task WhenHealthyAsync(string resource, CancellationToken cancellationToken) =>
        _app.ResourceNotifications.WaitForResourceHealthyAsync(resource, WaitBehavior.StopOnResourceUnavailable, cancellationToken).WaitAsync(Patience.Limit * 2, TimeProvider.System, cancellationToken);

    /// <summary>Returns once the front end has learnt of that many cache services, and they answer.</summary>
    public async Task WhenMembersAsync(int count, CancellationToken cancellationToken)
    {
        for (var number = 1; number <= count; number++)
        {
            await WhenAnsweringAsync(string.Create(CultureInfo.InvariantCulture, $"cache-{number}"), cancellationToken);
        }
    }

    /// <summary>Executes a command of the dashboard.</summary>
    public async Task ExecuteAsync(string resource, string command, CancellationToken cancellationToken)
    {
        var result = await Services.GetRequiredService<ResourceCommandService>().ExecuteCommandAsync(resource, command, cancellationToken);
        Assert.True(result.Success, result.Message);
    }

    /// <summary>Gives an order as the dashboard's dialog does.</summary>
    public Task<ExecuteCommandResult> ExecuteAsync(string resource, string command, IEnumerable<(string Name, string Value)> arguments, CancellationToken cancellationToken) =>
        Services.GetRequiredService<ResourceCommandService>().ExecuteCommandAsync(
            resource,
            command,
            new InteractionInputCollection([.. arguments.Select(argument => new InteractionInput { Name = argument.Name, Value = argument.Value, InputType = InputType.Text })]),
            cancellationToken);

    /// <summary>Returns once the orchestrator reports one of the states for the resource.</summary>
    public Task WhenStateAsync(string resource, IEnumerable<string> states, CancellationToken cancellationToken) =>
        _app.ResourceNotifications.WaitForResourceAsync(resource, states, cancellationToken).WaitAsync(Patience.Limit * 2, TimeProvider.System, cancellationToken);

    /// <summary>Returns once the front end finds that the member owns chunks and answers.</summary>
    public Task WhenAnsweringAsync(string member, CancellationToken cancellationToken) => WhenMemberAsync(member, state => state == "answers", "answers", cancellationToken);

    /// <summary>Returns once the front end finds the member in such a state; null: it is no member.</summary>
    public Task WhenMemberAsync(string member, Func<string?, bool> holds, string what, CancellationToken cancellationToken) => PollAsync(
        async () =>
        {
            var state = await StateOfAsync(member, cancellationToken);
            return (holds(state), $"{member} {what}; it is {state ?? "no member"}");
        },
        cancellationToken);

    /// <summary>Returns once nothing that was begun before fetches from the origin any more: no warm-up runs, and no member fills a chunk.</summary>
    public Task WhenQuietAsync(CancellationToken cancellationToken) => PollAsync(
        async () =>
        {
            using var warms = JsonDocument.Parse(await Client.GetStringAsync($"{Names.ReservedPath}/warm", cancellationToken));
            using var stats = JsonDocument.Parse(await Client.GetStringAsync($"{Names.ReservedPath}/stats?cluster=true", cancellationToken)); // after it: a warm-up ends before its last fills
            var quiet = warms.RootElement.EnumerateArray().All(warm => warm.GetProperty("state").GetString() != "running")
                && stats.RootElement.GetProperty("fills").GetProperty("underWay").GetInt64() == 0
                && MembersIn(stats).All(it => it.GetProperty("fillsUnderWay") is { ValueKind: JsonValueKind.Number } fills && fills.GetInt64() == 0);
            return (quiet, "the end of all fills");
        },
        cancellationToken);

    // The front end does not announce changes. It asks the members at most twice a second.
    private static async Task PollAsync(Func<Task<(bool Holds, string What)>> look, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience.Limit * 2);
        while (await look() is { Holds: false, What: var what })
        {
            try
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, patience.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"Waited in vain for: {what}");
            }
        }
    }

    private async Task<string?> StateOfAsync(string member, CancellationToken cancellationToken)
    {
        using var stats = JsonDocument.Parse(await Client.GetStringAsync($"{Names.ReservedPath}/stats?cluster=true", cancellationToken));
        return MembersIn(stats)
            .Where(it => it.GetProperty("name").GetString() == member)
            .Select(it => it.GetProperty("state").GetString())
            .FirstOrDefault();
    }

    private static JsonElement.ArrayEnumerator MembersIn(JsonDocument stats) => stats.RootElement.GetProperty("cluster").GetProperty("members").EnumerateArray();

    /// <summary>The process that serves for the resource.</summary>
    public int ProcessOf(string resource)
    {
        Assert.True(_app.ResourceNotifications.TryGetCurrentState(resource, out var state));
        var started = Convert.ToInt32(state.Snapshot.Properties.Single(property => property.Name == "executable.pid").Value, CultureInfo.InvariantCulture);
        return ChildOf(started) ?? started;
    }

    // Aspire starts a project by "dotnet run", which starts the program as its child.
    private static int? ChildOf(int process) => Directory.GetDirectories($"/proc/{process}/task")
        .SelectMany(task => File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Select(child => (int?)int.Parse(child, CultureInfo.InvariantCulture))
        .FirstOrDefault();

    public IEnumerable<IResource> Resources => Services.GetRequiredService<DistributedApplicationModel>().Resources;

    /// <summary>The processes that the orchestrator started for the product.</summary>
    public IEnumerable<int> Processes() => Resources.OfType<ProjectResource>().Select(project => ProcessOf(project.Name));

    /// <summary>How often Redis was asked with that command.</summary>
    public async Task<long> RedisCallsAsync(string command, CancellationToken cancellationToken)
    {
        _redis ??= await ConnectionMultiplexer.ConnectAsync($"{await _app.GetConnectionStringAsync(Names.Redis, cancellationToken)},allowAdmin=true");
        var statistics = (await _redis.GetServers()[0].InfoAsync("commandstats")).SelectMany(section => section).FirstOrDefault(line => line.Key == $"cmdstat_{command}").Value;
        return statistics is null ? 0 : long.Parse(statistics.Split(',')[0]["calls=".Length..], CultureInfo.InvariantCulture);
    }

    /// <summary>Returns once Redis was asked so often with that command.</summary>
    public async Task WhenRedisCallsAsync(string command, long calls, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience.Limit);
        while (await RedisCallsAsync(command, cancellationToken) < calls)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, patience.Token); // Redis has no signal for it
        }
    }

    /// <summary>Number of reads of the front end by the source of their bytes.</summary>
    public async Task<IReadOnlyDictionary<string, int>> ReadsBySourceAsync(CancellationToken cancellationToken)
    {
        using var stats = JsonDocument.Parse(await Client.GetStringAsync($"{Names.ReservedPath}/stats", cancellationToken));
        return stats.RootElement.GetProperty("reads").GetProperty("bySource").EnumerateObject().ToDictionary(source => source.Name, source => source.Value.GetInt32());
    }

    /// <summary>Of these reads, those whose bytes came from other members, whether those had them or fetched them from the origin.</summary>
    public static int FromPeers(IReadOnlyDictionary<string, int> reads) => reads["peer"] + reads["peerOrigin"];

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
        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }

        await _app.DisposeAsync();
    }
}
