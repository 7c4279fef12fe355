using System.Net;
using System.Net.Sockets;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Web.Cli;
using ChunkProxy.Web.Cli.Commands;
using ChunkProxy.Web.Cli.Flags;

namespace ChunkProxy.Web.Tests.Cli.Commands;

/// <summary>Output and exit codes of commands, against a node with scripted answers.</summary>
public sealed class NodeCommandTests
{
    private const string Purged =
        """{"path":"/film.mp4","complete":true,"members":[{"member":"10.0.0.1:7070","chunks":3,"bytes":3145728},{"member":"10.0.0.2:7070","chunks":1,"bytes":1048576}]}""";

    private const string Map =
        """
        {"path":"/film.mp4","version":"v","validator":"\"1\"","sizeBytes":10485760,"chunkSizeBytes":1048576,"chunks":10,"cachedChunks":5,"members":[
          {"member":"10.0.0.1:7070","isSelf":true,"runs":[{"first":0,"count":3,"memory":"whole","disk":true,"filling":false,"heat":2}]},
          {"member":"10.0.0.2:7070","isSelf":false,"runs":[{"first":5,"count":2,"memory":"none","disk":true,"filling":false,"heat":0},{"first":7,"count":1,"memory":"part","disk":false,"filling":true,"heat":0}]},
          {"member":"10.0.0.3:7070","isSelf":false,"runs":null}]}
        """;

    public static TheoryData<string> Names => [.. NodeCommands.All.Select(command => command.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Help_OfEachCommand_HasItsFlagsAndExamples(string name)
    {
        var command = NodeCommands.Find(name)!;

        var run = await CommandRun.OfAsync([name, "-help"]);

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.All(CommandFlags.Of(command), flag => Assert.Contains($"\n  {flag}", run.Output, StringComparison.Ordinal));
        Assert.All(command.Examples, example => Assert.Contains(example.Line, run.Output, StringComparison.Ordinal));
        Assert.Contains(command.Summary, run.Output, StringComparison.Ordinal);
        Assert.Contains($"\n  {CommandHelp.Usage(command)}\n", HelpPage.Text, StringComparison.Ordinal);
    }

    // The examples of a help page can be parsed.
    [Theory]
    [MemberData(nameof(Names))]
    public void Examples_OfEachCommand_CanBeRead(string name)
    {
        var command = NodeCommands.Find(name)!;
        Assert.All(command.Examples, example =>
        {
            var words = example.Line.Split(' ');
            Assert.Equal(["chunkproxy", name], words[..2]);
            Assert.Null(FlagReader.Read(words[2..], flag => CommandFlags.Find(command, flag), CommandFlags.Of(command), command.MostArguments).Reason);
        });
    }

    [Theory]
    [InlineData("-nosuch: no such flag (chunkproxy map -help lists the flags)", "map", "-nosuch", "/film.mp4")]
    [InlineData("'/b' is one word too many (chunkproxy map -help lists the flags)", "map", "/a", "/b")]
    [InlineData("map needs a path: chunkproxy map /films/orbit.webm", "map")]
    [InlineData("'/a' is no flag (chunkproxy status -help lists the flags)", "status", "/a")]
    [InlineData("-node: needs a value: an http or https URL", "status", "-node")]
    [InlineData("-node: 'nowhere' is not a URL such as http://127.0.0.1:8080", "status", "-node", "nowhere")]
    [InlineData("-json: 'x' is neither true nor false", "status", "-json=x")]
    [InlineData("-adminkeyfile: cannot be read: Could not find ", "status", "-adminkeyfile", "/nosuch/key")]
    public async Task Run_WrongUsage_EndsWithTwoAndOneLine(string line, params string[] args)
    {
        var run = await CommandRun.OfAsync(args);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("chunkproxy: " + line, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NobodyListens_SaysSoAndWhatToDo()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp); // bound and not listening: refused
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var url = $"http://{taken.LocalEndPoint}";

        var run = await CommandRun.OfAsync(["status", "-node", url]);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal($"chunkproxy: no node answers at {url} (connection refused): start one, or select another with -node", run.Error);
    }

    [Theory]
    [InlineData(401, "401 Unauthorized: This needs the admin key.\n", null, "requires its admin key: pass -adminkeyfile, or set ChunkProxy__AdminKey in the environment")]
    [InlineData(401, "401 Unauthorized: This is not the admin key.\n", "wrong-key", "rejects the admin key")]
    [InlineData(403, "403 Forbidden: no admin key.\n", "some-key", "refuses: 403 Forbidden: no admin key")]
    [InlineData(404, "404 Not Found: There is nothing at this path.\n", null, "does not support this (404): it may have a separate admin address (-adminaddr), or an older version")]
    [InlineData(400, "400 Bad Request: path= takes the path of an object\n", null, "rejects the request: 400 Bad Request: path= takes the path of an object")]
    [InlineData(500, "500 Internal Server Error: This server failed.\n", null, "answers 500: 500 Internal Server Error: This server failed")]
    public async Task Run_NodeRefuses_SaysWhatToDo(int status, string body, string? key, string expected)
    {
        await using var node = await ScriptedNode.StartAsync((_, _) => (status, body), "text/plain; charset=utf-8");

        var run = await CommandRun.OfAsync(["purge", "-node", node.Url, .. key is null ? Array.Empty<string>() : ["-adminkey", key], "/film.mp4"]);

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Equal($"chunkproxy: the node at {node.Url} {expected}", run.Error);
    }

    [Fact]
    public async Task Run_SomethingElseAnswers_SaysSo()
    {
        await using var node = await ScriptedNode.StartAsync((_, _) => (200, "<html>"), "text/html");

        var run = await CommandRun.OfAsync(["status", "-node", node.Url]);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"chunkproxy: {node.Url} is not a ChunkProxy node", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Map_UnknownObject_SaysThatNobodyReadIt()
    {
        await using var node = await ScriptedNode.StartAsync((_, _) => (404, "404 Not Found: Unknown object: not requested recently.\n"), "text/plain; charset=utf-8");

        var run = await CommandRun.OfAsync(["map", "-node", node.Url, "nosuch.mp4"]);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("chunkproxy: unknown object /nosuch.mp4 at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Map_OfAFilm_DrawsTheClusterAndEachMember()
    {
        await using var node = await ScriptedNode.StartAsync((_, _) => (200, Map));

        var run = await CommandRun.OfAsync(["map", "-node", node.Url, "/film.mp4?a=1&b"]);

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal("/_chunkproxy/map?path=%2Ffilm.mp4%3Fa%3D1%26b", node.Requests.Single().Target);
        var lines = run.Output.Split('\n');
        Assert.Equal("/film.mp4: 10.0 MiB, 10 chunks of 1.00 MiB, version \"1\"", lines[0]);
        Assert.Equal("50 % cached: 5 of 10, 3 in memory, 5 on disk, 1 being filled", lines[1]);
        Assert.Matches("^anywhere +█+·+▓+»+·+  50 %$", lines[3]);
        Assert.Matches("^10.0.0.1:7070  █+·+  30 %$", lines[4]);
        Assert.Matches("^10.0.0.2:7070  ·+▓+»+·+  20 %$", lines[5]);
        Assert.Equal("10.0.0.3:7070  did not answer", lines[6]);
        Assert.Matches("^ +0 +2.50 MiB +5.00 MiB +7.50 MiB +10.0 MiB$", lines[7]);
        Assert.Contains("█ in memory  ▓ on disk  ░ part of it  » being filled  · not cached", lines[8], StringComparison.Ordinal);
        Assert.DoesNotContain('\x1b', run.Output);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("1", false)]
    public async Task Map_AtATerminal_HasColorUnlessToldNotTo(string? noColor, bool hasColor)
    {
        await using var node = await ScriptedNode.StartAsync((_, _) => (200, Map));
        var environment = noColor is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["NO_COLOR"] = noColor };

        var run = await CommandRun.OfAsync(["map", "-node", node.Url, "/film.mp4"], environment, isTerminal: true);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("█", run.Output, StringComparison.Ordinal);
        Assert.Equal(hasColor, run.Output.Contains("\x1b[3", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("map")]
    [InlineData("purge")]
    public async Task Json_OfACommand_IsTheNodesAnswerUnchanged(string command)
    {
        var answer = command == "map" ? Map : Purged;
        await using var node = await ScriptedNode.StartAsync((_, _) => (200, answer));

        var run = await CommandRun.OfAsync([command, "-node", node.Url, "-json", "/film.mp4"]);

        Assert.Equal((0, answer + "\n"), (run.ExitCode, run.Output));
    }

    [Fact]
    public async Task Purge_Complete_SaysWhatWentWhere()
    {
        await using var node = await ScriptedNode.StartAsync((_, _) => (200, Purged));
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.Combine("key"), " the-key-of-the-node\n", TestContext.Current.CancellationToken);

        var run = await CommandRun.OfAsync(["purge", "/film.mp4", "-node", node.Url], new Dictionary<string, string> { ["ChunkProxy__AdminKeyFile"] = folder.Combine("key") });

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal(("POST", "/_chunkproxy/purge?path=%2Ffilm.mp4", "Bearer the-key-of-the-node"), node.Requests.Single());
        Assert.StartsWith("/film.mp4: 4 chunks, 4.00 MiB removed from every member\n", run.Output, StringComparison.Ordinal);
        Assert.Matches("10.0.0.2:7070 +1 +1.00 MiB +purged", run.Output);
    }

    [Fact]
    public async Task Purge_MemberIsAway_IsDoneButSaysSo()
    {
        const string Answer = """{"path":"/film.mp4","complete":false,"members":[{"member":"10.0.0.1:7070","chunks":3,"bytes":3145728},{"member":"10.0.0.2:7070","error":"silent"}]}""";
        await using var node = await ScriptedNode.StartAsync((_, _) => (202, Answer));

        var run = await CommandRun.OfAsync(["purge", "-node", node.Url, "/film.mp4"]);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("removed from every member that answered", run.Output, StringComparison.Ordinal);
        Assert.Equal("chunkproxy: 10.0.0.2:7070: silent; it purges /film.mp4 before it serves the object again", run.Error);
    }

    [Fact]
    public async Task Warm_NoTerminal_SaysEachTenthAndTheEnd()
    {
        var asked = 0;
        await using var node = await ScriptedNode.StartAsync((_, _) => (asked == 0 ? 202 : 200, Warming(Math.Min(10, asked++ * 5), "running", "done")));

        var run = await CommandRun.OfAsync(["warm", "-node", node.Url, "-range", "0-10485759", "/film.mp4"]);

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal(("POST", "/_chunkproxy/warm?path=%2Ffilm.mp4&range=bytes%3D0-10485759"), (node.Requests.First().Method, node.Requests.First().Target));
        Assert.All(node.Requests.Skip(1), request => Assert.Equal(("GET", "/_chunkproxy/warm/w1"), (request.Method, request.Target)));
        Assert.Equal(
            """
            /film.mp4: 0 %, 0 of 10 chunks, 0 B of 10.0 MiB
            /film.mp4: 50 %, 5 of 10 chunks, 5.00 MiB of 10.0 MiB
            /film.mp4: done, 10 of 10 chunks, 10.0 MiB of 10.0 MiB

            """,
            run.Output);
    }

    [Fact]
    public async Task Warm_AtATerminal_DrawsABar()
    {
        var asked = 0;
        await using var node = await ScriptedNode.StartAsync((_, _) => (200, Warming(Math.Min(10, asked++ * 5), "running", "done")));

        var run = await CommandRun.OfAsync(["warm", "-node", node.Url, "/film.mp4"], isTerminal: true);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("50%", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("/film.mp4: done, 10 of 10 chunks, 10.0 MiB of 10.0 MiB\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Warm_Fails_EndsWithOneAndWhy()
    {
        await using var node = await ScriptedNode.StartAsync((method, _) => (200, Warming(3, method == "POST" ? "running" : "failed", "failed", "the origin answers 500")));

        var run = await CommandRun.OfAsync(["warm", "-node", node.Url, "-json", "/film.mp4"]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("\"failed\"", run.Output, StringComparison.Ordinal);
        Assert.Equal("chunkproxy: /film.mp4: failed: the origin answers 500", run.Error);
    }

    [Fact]
    public async Task Warm_Detached_DoesNotWait()
    {
        await using var node = await ScriptedNode.StartAsync((_, _) => (202, Warming(0, "running", "done")));

        var run = await CommandRun.OfAsync(["warm", "-node", node.Url, "-detach", "/film.mp4"]);

        Assert.Equal((0, "/film.mp4: being fetched as w1\n"), (run.ExitCode, run.Output));
        Assert.Single(node.Requests);
    }

    [Fact]
    public async Task Warm_Interrupted_StopsTheNodeToo()
    {
        using var interrupt = new CancellationTokenSource();
        await using var node = await ScriptedNode.StartAsync((method, _) =>
        {
            if (method == "GET")
            {
                interrupt.Cancel();
            }

            return (200, Warming(3, "running", "done"));
        });

        var run = await CommandRun.OfAsync(["warm", "-node", node.Url, "/film.mp4"], interrupt: interrupt);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(("DELETE", "/_chunkproxy/warm/w1"), (node.Requests.Last().Method, node.Requests.Last().Target));
        Assert.Equal("chunkproxy: /film.mp4: interrupted, so the node stopped fetching it (3 of 10 chunks, 3.00 MiB of 10.0 MiB)", run.Error);
    }

    private static string Warming(int chunks, string state, string last, string? error = null) =>
        $$"""{"id":"w1","path":"/film.mp4","range":null,"state":"{{(chunks == 10 ? last : state)}}","chunks":10,"chunksDone":{{chunks}},"bytes":10485760,"bytesDone":{{chunks * 1048576}},"error":{{(error is null ? "null" : $"\"{error}\"")}}}""";
}
