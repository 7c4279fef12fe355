namespace ChunkProxy.Architecture.Tests;

/// <summary>One project of the product, with the layers that its folders form.</summary>
/// <param name="Name">The project, its folder and its root namespace.</param>
/// <param name="Assembly">The name of its assembly.</param>
/// <param name="Layers">Folders, the lowest layer first. <c>.</c> is the project's own folder.</param>
internal sealed record Project(string Name, string Assembly, IReadOnlyList<IReadOnlyList<string>> Layers)
{
    /// <summary>The engine.</summary>
    public static Project Cache { get; } = new(
        "ChunkProxy.Cache",
        "ChunkProxy.Cache",
        [
            // Arithmetic of ids, ranges and layouts; eviction; counters; secrets and MACs; reference counts, signals and time limits; sending memory through Kestrel's socket.
            ["Chunks", "Eviction", "Metering", "Security", "Concurrency", "ZeroCopy"],
            // The slab of chunk memory; which member owns a chunk.
            ["Tiers/Memory", "Ownership"],
            // The disk store; a read and its endings.
            ["Tiers/Disk", "Reads"],
            // Options of the process; meters, traces and events.
            ["Settings", "Telemetry"],
            // The rules of a site: which requests are for the same object.
            ["Sites"],
            // The origin and its answers; the members of the cluster; which objects were purged; Redis.
            ["Origin", "Membership", "Purges", "Tiers/SuperHot"],
            // Membership and ownership together.
            ["Cluster"],
            // The protocol between members; which chunks are popular enough to keep a copy of.
            ["Peers/Transport", "Popularity"],
            // Which members answer.
            ["Peers/Health"],
            // Asking other members.
            ["Peers"],
            // One retrieval of a chunk, many readers.
            ["Fills"],
            // Which version of an object is current; leaving the cluster in order.
            ["Objects", "Draining"],
            // The order in which a read looks for its bytes; the state of the process; telling other members of purges.
            ["Lookup", "Status", "Purges/Exchange"],
            // Answering other members; fetching ahead of demand.
            ["Pool", "Warming"],
            // Composition.
            ["."],
        ]);

    /// <summary>The front end and the command line.</summary>
    public static Project Web { get; } = new(
        "ChunkProxy.Web",
        "chunkproxy",
        [
            // Options of the process; the parts of a request.
            ["Settings", "Http/Targets", "Http/Ranges", "Http/Conditions"],
            // Which client a request is of.
            ["Clients"],
            // The outcome of a request: ending, log line, metrics; the certificates of the process.
            ["Exchanges", "Tls"],
            // The access log.
            ["Logs"],
            // The slices of a body, read ahead and sent; who may read an object; which pages of other sites may read responses; compression.
            ["Http/Sending", "Http/Access", "Http/Cors", "Http/Compression"],
            // Which origin a request goes to.
            ["Http/Routes"],
            // One request to one answer.
            ["Http/Responses"],
            // Access to paths below /_chunkproxy/.
            ["Operations/Access"],
            ["Operations/Status", "Operations/Purge", "Operations/Warm", "Operations/Drain", "Operations/Reload"],
            ["Operations"],
            ["Cli/Flags", "Cli/Playlists"],
            ["Cli/Commands"],
            ["Cli/Completion"],
            ["Cli"],
            // Composition.
            ["Hosting"],
            ["."],
        ]);

    public static Project Named(string name) => new[] { Cache, Web }.Single(project => project.Name == name);

    /// <summary>Returns the number of the folder's layer, 0 for the lowest; null for a folder without a layer.</summary>
    public int? LayerOf(string folder)
    {
        for (var i = 0; i < Layers.Count; i++)
        {
            if (Layers[i].Contains(folder))
            {
                return i;
            }
        }

        return null;
    }
}
