using ChunkProxy.SampleOrigin.Films;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.Deploy.Tests.Containers;

/// <summary>The AppHost with etcd and Redis as containers, as it starts them where a container runtime answers.</summary>
[Collection(ContainerEngine.OneAtATime)]
public sealed class AppHostContainersTests
{
    private static readonly string[] Servers = ["coreos/etcd", "library/redis"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Skip = ContainerEngine.Absent, SkipUnless = nameof(ContainerEngine.IsSetUp), SkipType = typeof(ContainerEngine))]
    public async Task Run_WithContainers_FilmIsWholeAndNothingIsLeft()
    {
        using var state = new TemporaryFolder();
        var port = FreePort.Next();
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://localhost:{port}/"), Timeout = TimeSpan.FromMinutes(2) };
        await using var host = ChildProcess.Start(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [
                ProductBuild.Assembly("ChunkProxy.AppHost", "ChunkProxy.AppHost.dll"), "--Servers:From", "Containers", "--Redis:Enabled", "true",
                "--Web:Port", $"{port}", "--Ports:Usual", "false", "--State:Dir", state.Path,
            ],
            new Dictionary<string, string?>
            {
                ["DOTNET_ENVIRONMENT"] = "Development",
                ["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true",
                ["ASPNETCORE_URLS"] = $"http://localhost:{FreePort.Next()}", // the dashboard
                ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = $"http://localhost:{FreePort.Next()}",
                ["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = $"http://localhost:{FreePort.Next()}",
            },
            Path.Combine(ProductBuild.Root, "ChunkProxy.AppHost"));

        await Polling.UntilNoProblemAsync(
            async token =>
            {
                using var health = await client.GetAsync("_chunkproxy/health", token);
                return host.HasExited ? "the AppHost has ended" : health.IsSuccessStatusCode ? null : $"the front end's health is {(int)health.StatusCode}";
            },
            () => Task.FromResult(string.Join('\n', host.Lines)),
            Cancelled);

        Assert.Equal(Servers, await RunningServersAsync());
        var film = FilmCatalogue.Load().Single(film => film.Name == "tides");
        var expected = new byte[film.Length];
        new FilmStream(film).ReadExactly(expected);
        var read = await client.GetByteArrayAsync("films/tides.webm", Cancelled);
        Assert.True(expected.AsSpan().SequenceEqual(read), $"{expected.Length} bytes expected, {read.Length} read.");

        await host.StopAsync(Cancelled);
        await Polling.UntilNoProblemAsync(
            async _ => await RunningServersAsync() is [] ? null : "there still are containers", () => Task.FromResult(string.Join('\n', host.Lines)), Cancelled);
    }

    private static async Task<string[]> RunningServersAsync()
    {
        var images = await ContainerEngine.RunAsync(["ps", "--format", "{{.Image}}"], Cancelled);
        return [.. Servers.Where(server => images.Contains(server, StringComparison.Ordinal))];
    }
}
