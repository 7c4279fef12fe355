using ChunkProxy.Cache.Chunks;
using ChunkProxy.Web.Operations.Status;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>Shows which chunks of an object are cached, and where.</summary>
internal sealed class MapCommand : NodeCommand
{
    public override string Name => "map";

    public override string Summary => "Show which chunks of an object are cached, at which member, in memory or on disk";

    public override string ArgumentName => "path";

    public override IReadOnlyList<(string Line, string Does)> Examples =>
    [
        ("chunkproxy map /films/orbit.webm", "From the node on this machine"),
        ("chunkproxy map -node http://10.0.0.1:8080 http://videos.example/films/orbit.webm", "From another node, with the URL that clients use"),
    ];

    public override async Task RunAsync(NodeClient node, CommandInput input, CommandOutput output, CancellationToken cancellationToken)
    {
        var path = input.Object;
        var json = await node.AskAsync(
            HttpMethod.Get,
            $"map?path={Uri.EscapeDataString(path)}",
            $"unknown object {ShownPath.Of(path)} at {node.Name} and its cluster: it was not requested recently, or the path is wrong",
            cancellationToken);
        var map = node.Read(json, StatsJson.Readable.ClusterMap);
        if (input.Json)
        {
            output.Json(json);
            return;
        }

        MapView.Show(map, output);
    }
}
