using System.Globalization;
using ChunkProxy.Web.Cli.Flags;
using ChunkProxy.Web.Operations.Purge;
using Spectre.Console;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>Removes an object, or several, from all members of the cluster.</summary>
internal sealed class PurgeCommand : NodeCommand
{
    private static readonly Flag Prefix = new("prefix", "prefix", null, null, "Remove all objects whose paths begin with the path");

    private static readonly Flag AllQueries = new("allqueries", "allqueries", null, null, "Remove the objects with all queries of the path");

    private static readonly Flag Tag = new("tag", "tag", null, null, "Remove all objects with the tag, which the origin names in Cache-Tag or Surrogate-Key; give the tag in place of the path");

    public override string Name => "purge";

    public override string Summary => "Remove an object from every member, in memory and on disk";

    public override string ArgumentName => "path";

    public override IReadOnlyList<Flag> Flags => [Prefix, AllQueries, Tag];

    public override IReadOnlyList<(string Line, string Does)> Examples =>
    [
        ("chunkproxy purge /films/orbit.webm", "Through the node on this machine, with the key from its environment"),
        ("chunkproxy purge -prefix /films/orbit/", "All objects below a path"),
        ("chunkproxy purge -tag film-17", "All objects with a tag of the origin"),
        ("chunkproxy purge -node http://10.0.0.1:8080 -adminkeyfile key /films/orbit.webm", "Through another node"),
    ];

    public override async Task RunAsync(NodeClient node, CommandInput input, CommandOutput output, CancellationToken cancellationToken)
    {
        if (Flags.Where(input.IsSet).ToList() is [var one, var other, ..])
        {
            throw CommandFailure.WrongUsage($"{one} and {other} exclude each other");
        }

        var scope = input.IsSet(Prefix) ? "prefix" : input.IsSet(AllQueries) ? "allqueries" : input.IsSet(Tag) ? "tag" : "path";
        var json = await node.AskAsync(HttpMethod.Post, $"purge?{scope}={Uri.EscapeDataString(input.IsSet(Tag) ? input.Argument! : input.Object)}", notFound: null, cancellationToken);
        var purge = node.Read(json, PurgeAnswerJson.Default.PurgeAnswer);
        if (input.Json)
        {
            output.Json(json);
        }
        else
        {
            Show(purge, output);
        }

        foreach (var away in purge.Members.Where(member => member.Error is not null))
        {
            output.Note($"{away.Member}: {away.Error}; it purges {(input.IsSet(Tag) ? "the tag " : "")}{purge.Path}{(input.IsSet(Prefix) ? "…" : "")} before it serves {(scope == "path" ? "the object" : "such an object")} again");
        }
    }

    private static void Show(PurgeAnswer purge, CommandOutput output)
    {
        output.Line(
            $"{(purge.Scope == "tag" ? "tag " : "")}{purge.Path}: {Amount.Of(purge.Members.Sum(member => member.Chunks ?? 0), "chunk", "chunks")}, {Amount.Bytes(purge.Members.Sum(member => member.Bytes ?? 0))} removed "
            + (purge.Complete ? "from every member" : "from every member that answered"));
        var table = PlainTable.Of("MEMBER", "CHUNKS", "BYTES", "RESULT");
        foreach (var member in purge.Members)
        {
            table.Add(
                member.Error is null ? Style.Plain : new Style(Color.Red),
                member.Member,
                member.Chunks?.ToString(CultureInfo.InvariantCulture) ?? "-",
                member.Bytes is { } bytes ? Amount.Bytes(bytes) : "-",
                member.Error ?? "purged");
        }

        output.Show(table);
    }
}
