using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ChunkProxy.Web.Tests.Operations.Status;

namespace ChunkProxy.Web.Tests.Cli.Commands;

/// <summary>The states of members: <c>status</c> and the status page judge them alike.</summary>
public sealed partial class MemberStateTests
{
    private const string Origin = "http://origin.example/ unavailable since 2026-11-30 12:00:00Z";
    private const string Disk = "input/output error";
    private const string Redis = "no connection";

    // In the order of the page. Each member also has the problems of those that follow, so that the order counts.
    private static readonly (string State, string? Failure, int Problems)[] Members =
    [
        ("avoided", "disagrees", 4), ("avoided", "stalled", 4), ("silent", null, 4), ("draining", null, 4), ("drained", null, 4),
        ("answers", null, 4), ("answers", null, 3), ("answers", null, 2), ("answers", null, 1), ("answers", null, 0),
    ];

    [Fact]
    public async Task Status_MembersInEachState_NamesThemAsThePageDoes()
    {
        await using var node = await ScriptedNode.StartAsync((_, _) => (200, Stats()));

        var run = await CommandRun.OfAsync(["status", "-node", node.Url]);

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        var lines = run.Output.Split('\n');
        var header = Array.FindIndex(lines, line => line.StartsWith("MEMBER", StringComparison.Ordinal));
        var (start, end) = (lines[header].IndexOf("STATE", StringComparison.Ordinal), lines[header].IndexOf("SHARE", StringComparison.Ordinal));
        Assert.Equal(StatesOnPage(), lines.Skip(header + 1).Take(Members.Length).Select(line => line[start..end].TrimEnd()));
    }

    private static IEnumerable<string> StatesOnPage() => Verdict().Matches(PageScript.Read("members.js")).Select(match => match.Groups[1].Value
        .Replace("${words(member.failure ?? \"failed\")}", "stalled", StringComparison.Ordinal)
        .Replace("${member.originProblem}", Origin, StringComparison.Ordinal)
        .Replace("${member.diskProblem}", Disk, StringComparison.Ordinal)
        .Replace("${member.superHotProblem}", Redis, StringComparison.Ordinal));

    private static string Stats()
    {
        var members = Members.Select((member, i) => (JsonNode)new JsonObject
        {
            ["id"] = $"10.0.0.{i}:7070",
            ["name"] = "",
            ["state"] = member.State,
            ["failure"] = member.Failure,
            ["epoch"] = member.Problems > 0 ? "other" : "e",
            ["superHotProblem"] = member.Problems > 1 ? Redis : null,
            ["diskProblem"] = member.Problems > 2 ? Disk : null,
            ["originProblem"] = member.Problems > 3 ? Origin : null,
        });
        return new JsonObject
        {
            ["version"] = "0.2.0",
            ["origin"] = new JsonObject(),
            ["cluster"] = new JsonObject
            {
                ["epoch"] = "e",
                ["totals"] = new JsonObject { ["byTier"] = new JsonObject() },
                ["members"] = new JsonArray([.. members]),
                ["fills"] = new JsonArray(),
                ["events"] = new JsonArray(),
            },
        }.ToJsonString();
    }

    [GeneratedRegex(@"return \[\d, ""\w+"", [""`](.*?)[""`]\];")]
    private static partial Regex Verdict();
}
