using ChunkProxy.Testing.Processes;
using ChunkProxy.Web.Cli.Commands;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Web.Tests.Cli.Commands;

/// <summary><c>chunkproxy warm</c> with many objects, against a scripted node.</summary>
public sealed class WarmRunTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private WarmNode _node = null!;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _node = await WarmNode.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Warm_SeveralPaths_WarmsEachAndSumsUp()
    {
        var run = await RunAsync("/a.mp4", "http://cdn.example/b.mp4", "c.mp4", "/a.mp4");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal(["/a.mp4", "/c.mp4", "http://cdn.example/b.mp4"], _node.Started.Order(StringComparer.Ordinal)); // the host selects the route
        var lines = Lines(run.Output);
        Assert.Equal(4, lines.Length);
        Assert.Contains("http://cdn.example/b.mp4: done, 1 of 1 chunk, 0.98 KiB of 0.98 KiB", lines);
        Assert.Equal("3 of 3 objects done, 2.93 KiB", lines[^1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Warm_List_SkipsCommentsAndEmptyLines(bool fromStandardInput)
    {
        const string List = "# films\n/a.mp4\n\n  /b.mp4?x=#1 \r\n   # /c.mp4\n/d.mp4";
        var file = await WriteAsync("list", List);

        var run = fromStandardInput
            ? await CommandRun.OfAsync(new WarmCommand(() => new StringReader(List), TimeProvider.System), ["-from", "-", "-node", _node.Url])
            : await RunAsync("-from", file);

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal(["/a.mp4", "/b.mp4?x=#1", "/d.mp4"], _node.Started.Order());
    }

    [Fact]
    public async Task Warm_ListAndPaths_WarmsBoth()
    {
        var run = await RunAsync("/z.mp4", "-from", await WriteAsync("list", "/a.mp4\n"), "-range", "0-99");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["/a.mp4 bytes=0-99", "/z.mp4 bytes=0-99"], _node.Started.Order());
    }

    [Fact]
    public async Task Warm_SomeFail_WarmsTheOthersAndListsThem()
    {
        _node.Failing["/b.mp4"] = "the origin has no such object";
        _node.OnStart = path => path == "/c.mp4" ? 400 : 202;

        var run = await RunAsync("/a.mp4", "/b.mp4", "/c.mp4", "/d.mp4");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("2 of 4 objects done, 1.95 KiB; 2 failed", Lines(run.Output)[^1]);
        Assert.Contains("/b.mp4: failed: the origin has no such object", Lines(run.Output));
        var errors = Lines(run.Errors);
        Assert.Equal(3, errors.Length);
        Assert.Contains("chunkproxy: /b.mp4: failed: the origin has no such object", errors);
        Assert.Contains(errors, line => line.StartsWith("chunkproxy: /c.mp4: the node at ", StringComparison.Ordinal));
        Assert.Equal("chunkproxy: 2 of 4 objects failed", errors[^1]);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(503)]
    public async Task Warm_NodeRefusesAll_EndsAtOnce(int status)
    {
        _node.OnStart = _ => status;

        var run = await RunAsync(["-rate", "1MiB", .. Enumerable.Range(0, 100).Select(i => $"/{i}.mp4")]);

        Assert.Equal(1, run.ExitCode);
        Assert.Single(_node.Requests);
        Assert.Equal("0 of 100 objects done, 0 B", Lines(run.Output)[^1]);
    }

    [Fact]
    public async Task Warm_NodeHasEnoughToDo_WaitsAndGoesOn()
    {
        var time = new FakeTimeProvider();
        _node.OnStart = _ => _node.Requests.Count == 1 ? 429 : 202;
        var command = new WarmCommand(() => TextReader.Null, time);
        var running = CommandRun.OfAsync(command, ["-node", _node.Url, "-rate", "1MiB", "/a.mp4", "/b.mp4"]);
        while (!running.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(0, (await running).ExitCode);
        Assert.Equal(["/a.mp4", "/b.mp4"], _node.Started);
    }

    [Fact]
    public async Task Warm_Rate_IsTheNodesAndOneObjectAtATime()
    {
        var running = 0;
        var most = 0;
        _node.OnStart = _ =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            return 202;
        };
        _node.IsRunning = _ =>
        {
            Interlocked.Decrement(ref running);
            return false;
        };

        var run = await RunAsync("-rate", "2MiB", "/a.mp4", "/b.mp4", "/c.mp4");

        Assert.Equal((0, 1), (run.ExitCode, most));
        Assert.Equal(["/a.mp4", "/b.mp4", "/c.mp4"], _node.Started);
        Assert.All(_node.Requests.Where(request => request.StartsWith("POST", StringComparison.Ordinal)), request => Assert.EndsWith("&rate=2097152", request, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Warm_Resumed_WarmsWhatIsMissing()
    {
        var file = _folder.Combine("finished");
        _node.Failing["/b.mp4"] = "the origin answers 500";
        var first = await RunAsync("-resume", file, "/a.mp4", "/b.mp4");
        _node.Failing.Clear();

        var second = await RunAsync("-resume", file, "/a.mp4", "/b.mp4", "/c.mp4");

        Assert.Equal((1, 0), (first.ExitCode, second.ExitCode));
        Assert.Equal(["/b.mp4", "/c.mp4"], _node.Started.Skip(2).Order());
        Assert.Equal("2 of 2 objects done, 1.95 KiB; 1 finished before", Lines(second.Output)[^1]);
        Assert.Equal(["/a.mp4", "/b.mp4", "/c.mp4"], (await File.ReadAllLinesAsync(file, Now)).Skip(1).Order());
    }

    [Fact]
    public async Task Warm_Interrupted_StopsTheNodeAndKeepsWhatIsFinished()
    {
        using var interrupt = new CancellationTokenSource();
        var file = _folder.Combine("finished");
        _node.IsRunning = path =>
        {
            if (path == "/b.mp4")
            {
                interrupt.Cancel();
            }

            return path == "/b.mp4";
        };

        var run = await CommandRun.OfAsync(
            ["warm", "-node", _node.Url, "-rate", "1MiB", "-resume", file, "/a.mp4", "/b.mp4", "/c.mp4"], interrupt: interrupt);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("chunkproxy: interrupted", run.Error);
        Assert.Equal("1 of 3 objects done, 0.98 KiB", Lines(run.Output)[^1]);
        Assert.Equal("DELETE /_chunkproxy/warm/w2", _node.Requests[^1]);
        Assert.Equal(["/a.mp4"], (await File.ReadAllLinesAsync(file, Now)).Skip(1));
    }

    [Fact]
    public async Task Warm_Json_IsOneLineForEach()
    {
        _node.Failing["/b.mp4"] = "why";

        var run = await RunAsync("-json", "-rate", "1MiB", "/a.mp4", "/b.mp4");

        var lines = Lines(run.Output);
        Assert.Equal(2, lines.Length);
        Assert.Contains("\"path\":\"/a.mp4\",\"range\":null,\"state\":\"done\"", lines[0], StringComparison.Ordinal);
        Assert.Contains("\"reason\":\"why\"", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Warm_AtATerminal_DrawsABarAndNoLineForEach()
    {
        var run = await CommandRun.OfAsync(["warm", "-node", _node.Url, "/a.mp4", "/b.mp4"], isTerminal: true);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("100%", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("/a.mp4: done", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("2 of 2 objects done, 1.95 KiB\n", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("warm needs a path, or a list (-from): chunkproxy warm /films/orbit.webm")]
    [InlineData("-detach takes one path", "-detach", "/a", "/b")]
    [InlineData("-rate: 'x' is not a size such as 10MiB, at least 1KiB", "-rate", "x", "/a")]
    [InlineData("-rate: '1023B' is not a size", "-rate", "1023B", "/a")]
    [InlineData("-from: cannot be read: Could not find ", "-from", "/nosuch/list")]
    [InlineData("-resume: Could not find a part of the path", "-resume", "/nosuch/finished", "/a")]
    public async Task Warm_WrongUsage_SaysSo(string line, params string[] args)
    {
        var run = await RunAsync(args);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("chunkproxy: " + line, run.Error, StringComparison.Ordinal);
        Assert.Empty(_node.Requests);
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private Task<CommandRun> RunAsync(params string[] args) => CommandRun.OfAsync(["warm", "-node", _node.Url, .. args]);

    private async Task<string> WriteAsync(string name, string text)
    {
        await File.WriteAllTextAsync(_folder.Combine(name), text, Now);
        return _folder.Combine(name);
    }
}
