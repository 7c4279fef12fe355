using ChunkProxy.Web.Operations.Status;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>Shows the state of the cluster as one node sees it.</summary>
internal sealed class StatusCommand : NodeCommand
{
    public override string Name => "status";

    public override string Summary => "Show the state of a node and its cluster: origin traffic saved, members, fills in progress, slowest reads";

    public override IReadOnlyList<(string Line, string Does)> Examples =>
    [
        ("chunkproxy status", "The node on this machine"),
        ("chunkproxy status -node http://10.0.0.1:8080 -json", "Another node, as JSON"),
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
