using ChunkProxy.Web.Operations.Status;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>How the cluster is, as one node sees it.</summary>
internal sealed class StatusCommand : NodeCommand
{
    public override string Name => "status";

    public override string Summary => "Show how a node and its cluster are: origin traffic saved, members, fills under way, slowest reads";

    public override IReadOnlyList<(string Line, string Does)> Examples =>
    [
        ("chunkproxy status", "Of the node on this machine"),
        ("chunkproxy status -node http://10.0.0.1:8080 -json", "Of another one, for a machine"),
    ];

    public override async Task RunAsync(NodeClient node, CommandInput input, CommandOutput output, CancellationToken cancellationToken)
    {
        var json = await node.AskAsync(HttpMethod.Get, "stats?cluster=true", notFound: null, cancellationToken);
        var stats = node.Read(json, StatsJson.Readable.StatsAnswer);
        if (input.Json)
        {
            output.Json(json);
            return;
        }

        StatusView.Show(stats, node.Name, output);
    }
}
