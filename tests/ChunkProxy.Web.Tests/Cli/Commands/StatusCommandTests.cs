using System.Text.Json.Nodes;

namespace ChunkProxy.Web.Tests.Cli.Commands;

/// <summary><c>status</c> with a scripted node.</summary>
public sealed class StatusCommandTests
{
    [Fact]
    public async Task Status_MembersWithVerdicts_ShowsTheTextOfEach()
    {
        var run = await RunAsync(
            Member("10.0.0.1:7070", "answers", "healthy", "healthy"),
            Member("10.0.0.2:7070", "avoided", "otherSettings", "has other settings"),
            Member("10.0.0.3:7070", "answers", "diskUnavailable", "disk unavailable: input/output error"));

        Assert.Equal(["healthy", "has other settings", "disk unavailable: input/output error"], run);
    }

    [Fact]
    public async Task Status_NodeOfAnOlderVersionWithoutVerdicts_ShowsTheStates()
    {
        var run = await RunAsync(Member("10.0.0.1:7070", "answers"), Member("10.0.0.2:7070", "silent"));

        Assert.Equal(["answers", "silent"], run);
    }

    private static async Task<IEnumerable<string>> RunAsync(params JsonNode[] members)
    {
        var stats = new JsonObject
        {
            ["version"] = "0.2.0",
            ["origin"] = new JsonObject(),
            ["cluster"] = new JsonObject
            {
                ["epoch"] = "e",
                ["totals"] = new JsonObject { ["byTier"] = new JsonObject() },
                ["members"] = new JsonArray(members),
                ["fills"] = new JsonArray(),
                ["events"] = new JsonArray(),
            },
        }.ToJsonString();
        await using var node = await ScriptedNode.StartAsync((_, _) => (200, stats));

        var run = await CommandRun.OfAsync(["status", "-node", node.Url]);

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        var lines = run.Output.Split('\n');
        var header = Array.FindIndex(lines, line => line.StartsWith("MEMBER", StringComparison.Ordinal));
        var (start, end) = (lines[header].IndexOf("STATE", StringComparison.Ordinal), lines[header].IndexOf("SHARE", StringComparison.Ordinal));
        return lines.Skip(header + 1).Take(members.Length).Select(line => line[start..end].TrimEnd());
    }

    private static JsonObject Member(string id, string state, string? verdict = null, string? text = null)
    {
        var member = new JsonObject { ["id"] = id, ["name"] = "", ["state"] = state };
        if (verdict is not null)
        {
            member["verdict"] = verdict;
            member["verdictText"] = text;
        }

        return member;
    }
}
