using System.Globalization;
using ChunkProxy.Web.Operations.Purge;
using Spectre.Console;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>Makes the cluster forget an object.</summary>
internal sealed class PurgeCommand : NodeCommand
{
    public override string Name => "purge";

    public override string Summary => "Make every member forget an object, in memory and on disk";

    public override string Word => "path";

    public override IReadOnlyList<(string Line, string Does)> Examples =>
    [
        ("chunkproxy purge /films/orbit.webm", "By the node on this machine, with the key that its environment has"),
        ("chunkproxy purge -node http://10.0.0.1:8080 -adminkeyfile key /films/orbit.webm", "By another"),
    ];

    public override async Task RunAsync(NodeClient node, CommandInput input, CommandOutput output, CancellationToken cancellationToken)
    {
        var json = await node.AskAsync(HttpMethod.Post, $"purge?path={Uri.EscapeDataString(input.Word!)}", notFound: null, cancellationToken);
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
            output.Note($"{away.Member}: {away.Error}; it forgets {purge.Path} before it serves anything of it again");
        }
    }

    private static void Show(PurgeAnswer purge, CommandOutput output)
    {
        output.Line(
            $"{purge.Path}: {Amount.Of(purge.Members.Sum(member => member.Chunks ?? 0), "chunk", "chunks")}, {Amount.Bytes(purge.Members.Sum(member => member.Bytes ?? 0))} forgotten; "
            + (purge.Complete ? "gone from every member" : "gone from every member that answered"));
        var table = PlainTable.Of("MEMBER", "CHUNKS", "BYTES", "RESULT");
        foreach (var member in purge.Members)
        {
            table.Add(
                member.Error is null ? Style.Plain : new Style(Color.Red),
                member.Member,
                member.Chunks?.ToString(CultureInfo.InvariantCulture) ?? "-",
                member.Bytes is { } bytes ? Amount.Bytes(bytes) : "-",
                member.Error ?? "forgotten");
        }

        output.Show(table);
    }
}
