using System.Text.Json.Nodes;
using ChunkProxy.Web.Cli.Commands;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Web.Tests.Cli.Commands;

/// <summary>What <c>top</c> shows, how often, and how wide.</summary>
public sealed class TopCommandTests
{
    [Fact]
    public async Task Top_NoTerminal_PrintsObjectsAndPathsOnce()
    {
        await using var node = await ScriptedNode.StartAsync((_, _) => (200, StatsJsonText.Of(hottest: 12)));

        var run = await CommandRun.OfAsync(["top", "-node", node.Url]);

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal("/_chunkproxy/stats?cluster=true", Assert.Single(node.Requests).Target);
        string[] lines = [.. run.Output.Split('\n').Select(line => line.TrimEnd())];
        Assert.Matches("^VIEWERS +READS/S +HITS +RATE +SENT +OBJECT$", lines[2]);
        Assert.Matches(@"^31 +12 +97 % +1\.50 MiB/s +3\.00 GiB +/films/orbit/\*$", lines[3]);
        Assert.Equal(10, lines.Count(line => line.Contains(" /films/", StringComparison.Ordinal) && !line.EndsWith(" /films/", StringComparison.Ordinal)));
        Assert.Contains(lines, line => line.EndsWith(" /films/", StringComparison.Ordinal));
        Assert.DoesNotContain('\x1b', run.Output);
    }

    [Fact]
    public async Task Top_NoReads_SaysSo()
    {
        await using var node = await ScriptedNode.StartAsync((_, _) => (200, StatsJsonText.Of(hottest: 0)));

        var run = await CommandRun.OfAsync(["top", "-once", "-node", node.Url], isTerminal: true, width: 80);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("No reads of clients yet.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Top_SeveralTimesAtATerminal_RefreshesInPlace()
    {
        await using var node = await ScriptedNode.StartAsync((_, _) => (200, StatsJsonText.Of(hottest: 3)));
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromSeconds(5) };

        var running = CommandRun.OfAsync(new TopCommand(time), ["-n", "3", "-every", "5s", "-node", node.Url], isTerminal: true, width: 80);
        while (!running.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(5));
            await Task.Yield();
        }

        var run = await running;
        Assert.Equal((0, 3), (run.ExitCode, node.Requests.Count));
        Assert.Equal(4, run.Output.Split("\x1b[H\x1b[J").Length);
    }

    [Theory]
    [InlineData("-n: '0' is not a number from 1", "-n", "0")]
    [InlineData("-once and -n exclude each other", "-n", "2", "-once")]
    [InlineData("-every: '2' is not a time from 1s to 1h", "-every", "2")]
    [InlineData("-every: '2d' is not a time from 1s to 1h", "-every", "2d")]
    public async Task Top_WrongUsage_EndsWithTwo(string says, params string[] args)
    {
        var run = await CommandRun.OfAsync(["top", .. args]);

        Assert.Equal((2, $"chunkproxy: {says}"), (run.ExitCode, run.Error));
    }

    [Theory]
    [InlineData("top", 80)]
    [InlineData("top", 40)]
    [InlineData("status", 120)]
    [InlineData("status", 80)]
    [InlineData("status", 40)]
    public async Task Command_AtATerminal_FitsItsWidth(string command, int width)
    {
        await using var node = await ScriptedNode.StartAsync((_, _) => (200, StatsJsonText.Of(hottest: 12)));

        var run = await CommandRun.OfAsync([command, "-node", node.Url, .. command == "top" ? new[] { "-once" } : []], new Dictionary<string, string> { ["NO_COLOR"] = "1" }, isTerminal: true, width: width);

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        var lines = System.Text.RegularExpressions.Regex.Replace(run.Output, "\x1b\\[[0-9;]*[A-Za-z]", "").Split('\n');
        Assert.All(lines, line => Assert.InRange(line.TrimEnd().Length, 0, width));
        Assert.Contains(lines, line => line.StartsWith(command == "top" ? "31" : "10.0.", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains(command == "top" ? "OBJECT" : "healthy", StringComparison.Ordinal));
    }

    /// <summary>The statistics of a cluster of three with long names.</summary>
    private static class StatsJsonText
    {
        public static string Of(int hottest)
        {
            JsonArray Figures(int count, Func<int, string> path) => [.. Enumerable.Range(0, count).Select(i => (JsonNode)new JsonObject
            {
                ["path"] = path(i),
                ["readsPerSecond"] = i == 0 ? 12.3 : 1.0 / i,
                ["hitsPerSecond"] = i == 0 ? 11.9 : 0,
                ["bytesPerSecond"] = 1_572_864,
                ["bytes"] = 3L << 30,
                ["viewers"] = 31 - i,
                ["isOfSegments"] = path(i) == "/films/orbit/",
                ["hitRatio"] = i == 0 ? 0.97 : 0,
            })];
            var members = Enumerable.Range(1, 3).Select(i => (JsonNode)new JsonObject
            {
                ["id"] = $"10.0.0.{i}:7070",
                ["name"] = "",
                ["isSelf"] = i == 1,
                ["role"] = "node",
                ["version"] = "0.2.0",
                ["weight"] = 1,
                ["share"] = 0.333,
                ["state"] = i == 3 ? "avoided" : "answers",
                ["failure"] = i == 3 ? "silent" : null,
                ["verdict"] = i == 3 ? "avoided" : "healthy",
                ["verdictText"] = i == 3 ? "does not answer (silent); bypassed" : "healthy",
                ["epoch"] = "e",
                ["startedAt"] = "2026-11-30T12:00:00Z",
                ["memory"] = new JsonObject { ["budgetBytes"] = 536870912, ["usedBytes"] = 436870912 },
                ["disk"] = new JsonObject { ["budgetBytes"] = 10737418240, ["usedBytes"] = 1073741824 },
                ["fillsUnderWay"] = 2,
                ["originBytes"] = 123456789,
            });
            var stats = new JsonObject
            {
                ["schema"] = 1,
                ["version"] = "0.2.0+0123456789abcdef0123456789abcdef01234567",
                ["startedAt"] = "2026-11-30T12:00:00Z",
                ["uptimeSeconds"] = 86400,
                ["chunkSizeBytes"] = 1048576,
                ["origin"] = new JsonObject { ["degradedReason"] = "Origin unavailable (connection refused): http://origin.example/ does not answer; serving cached content only." },
                ["clients"] = new JsonObject { ["connections"] = 1234 },
                ["slowest"] = new JsonArray(new JsonObject
                {
                    ["at"] = "2026-11-30T12:00:00Z",
                    ["method"] = "GET",
                    ["path"] = "/films/a-film-with-a-very-long-name-that-does-not-fit/orbit-2160p.webm",
                    ["range"] = "bytes=1234567890-2345678901",
                    ["status"] = 206,
                    ["ending"] = "completed",
                    ["waitedSeconds"] = 1.5,
                    ["firstByteSeconds"] = 0.25,
                    ["totalSeconds"] = 12.5,
                    ["sentBytes"] = 123456789,
                    ["sources"] = new JsonArray("memory", "origin"),
                }),
                ["cluster"] = new JsonObject
                {
                    ["self"] = "10.0.0.1:7070",
                    ["epoch"] = "e",
                    ["coordination"] = "connected",
                    ["isRegistered"] = true,
                    ["problem"] = null,
                    ["totals"] = new JsonObject { ["clientBytes"] = 123456789012, ["originBytes"] = 1234567890, ["savedBytes"] = 122222221122, ["byTier"] = new JsonObject { ["memory"] = 1000, ["origin"] = 10, ["disk"] = 100 } },
                    ["members"] = new JsonArray([.. members]),
                    ["fills"] = new JsonArray(new JsonObject { ["member"] = "10.0.0.2:7070", ["path"] = "/films/another-film-with-a-long-name/orbit-1080p.webm", ["chunk"] = 123, ["filledBytes"] = 1000, ["lengthBytes"] = 2000, ["source"] = "origin" }),
                    ["objects"] = new JsonArray(),
                    ["hottest"] = Figures(hottest, i => i == 0 ? "/films/orbit/" : $"/films/a-film-with-a-long-name-that-must-be-shortened/number-{i}/2160p.webm"),
                    ["prefixes"] = Figures(Math.Min(1, hottest), _ => "/films/"),
                    ["events"] = new JsonArray(new JsonObject { ["lastAt"] = "2026-11-30T12:00:00Z", ["kind"] = "peerFailed", ["subject"] = "10.0.0.3:7070", ["ending"] = "timedOut", ["count"] = 3 }),
                },
            };
            return stats.ToJsonString();
        }
    }
}
