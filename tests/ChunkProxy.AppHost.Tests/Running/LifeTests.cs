using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.AppHost.Tests.Running;

/// <summary>From the first start to the end of the last process.</summary>
public sealed partial class LifeTests
{
    private const int Length = 3_000_000;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_FreshFolderAndThenThatFolder_SaysWhereToClickAndLeavesNothingBehindAndTheSecondServesFromDisk()
    {
        using var state = new TemporaryFolder();
        string[] options = ["--Servers:From", "Programs", "--Cluster:Nodes", "0"]; // the front end owns the same chunks on any port
        await FirstStartAsync([.. options, "--State:Dir", state.Path]);
        Assert.NotEmpty(Directory.EnumerateFiles(state.Path, "*", SearchOption.AllDirectories));

        await using var again = await RunningCluster.StartAsync(state.Path, environment: null, options, Cancelled);
        Assert.True(FilmBytes.AreThere(1, await again.GetRangeAsync(FilmBytes.Path, 1, Length, Cancelled)));
        Assert.True((await again.ReadsBySourceAsync(Cancelled))["disk"] > 0);
    }

    /// <summary>As a person starts it at a console: the program itself, with its output and its dashboard.</summary>
    private static async Task FirstStartAsync(string[] options)
    {
        await using var host = new AppHostProcess(environment: null, options);

        await host.WhenLineAsync("ChunkProxy: starting", Cancelled);
        await host.WhenLineAsync("Distributed application started", Cancelled);
        await host.WhenLineAsync("ChunkProxy is ready", Cancelled);
        await host.WhenLineAsync("  Dashboard:       ", Cancelled);
        Assert.DoesNotContain(host.Lines, line => line.StartsWith("warn:", StringComparison.Ordinal));
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        foreach (var what in new[] { "  Sample films:", "  Status page:", "  Dashboard:" })
        {
            using var answer = await client.GetAsync(LinkOf(host, what), Cancelled);
            Assert.True(answer.IsSuccessStatusCode, $"{what} {answer.StatusCode}");
        }

        client.DefaultRequestHeaders.Range = new RangeHeaderValue(1, Length);
        Assert.True(FilmBytes.AreThere(1, await client.GetByteArrayAsync(new Uri(LinkOf(host, "  Sample films:"), FilmBytes.Path), Cancelled)));

        var started = host.Processes();
        Assert.Contains(started, process => ProcessTree.CommandOf(process).EndsWith("/chunkproxy", StringComparison.Ordinal));
        Assert.Contains(started, process => ProcessTree.CommandOf(process).EndsWith("/ChunkProxy.SampleOrigin", StringComparison.Ordinal));
        Assert.Equal(0, await host.StopAsync(Cancelled));
        await Gone.WhenAsync(started, Cancelled);
    }

    private static Uri LinkOf(AppHostProcess host, string what) => new(Link().Match(host.Lines.Single(line => line.StartsWith(what, StringComparison.Ordinal))).Value);

    [GeneratedRegex(@"http://\S+")]
    private static partial Regex Link();
}
