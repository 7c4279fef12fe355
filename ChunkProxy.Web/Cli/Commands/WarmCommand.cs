using System.Runtime.CompilerServices;
using ChunkProxy.Web.Cli.Flags;
using ChunkProxy.Web.Operations.Warm;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>Fetches an object, or a range of it, into the cache.</summary>
internal sealed class WarmCommand : NodeCommand
{
    private static readonly Flag Range = new("range", "range", new FlagValue("from-to", "a range of bytes such as 0-1048575"), null, "The bytes to fetch, both ends included; default: all");

    private static readonly Flag Detach = new("detach", "detach", null, null, "Do not wait for the end; the node continues on its own");

    // Often enough for a progress bar. The cost for the node is negligible compared with the fetch.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    public override string Name => "warm";

    public override string Summary => "Fetch an object, or a range of it, into the cache, and show the progress";

    public override string ArgumentName => "path";

    public override IReadOnlyList<Flag> Flags => [Range, Detach];

    public override IReadOnlyList<(string Line, string Does)> Examples =>
    [
        ("chunkproxy warm /films/orbit.webm", "The whole object; Ctrl-C cancels"),
        ("chunkproxy warm -range 0-10485759 -detach /films/orbit.webm", "Its first 10 MiB, without waiting"),
    ];

    public override async Task RunAsync(NodeClient node, CommandInput input, CommandOutput output, CancellationToken cancellationToken)
    {
        var range = input.ValueOf(Range) is { } text ? $"&range={Uri.EscapeDataString(text.StartsWith("bytes=", StringComparison.Ordinal) ? text : "bytes=" + text)}" : "";
        var json = await node.AskAsync(HttpMethod.Post, $"warm?path={Uri.EscapeDataString(input.Object)}{range}", notFound: null, cancellationToken);
        var begun = node.Read(json, WarmAnswerJson.Readable.WarmAnswer);
        if (!input.IsSet(Detach))
        {
            (begun, json) = await WatchAsync(node, begun, json, input.Json ? WarmProgress.Silent : WarmProgress.On(output), cancellationToken);
        }

        if (input.Json)
        {
            output.Json(json);
        }
        else
        {
            output.Line(input.IsSet(Detach) ? $"{begun.Path}: being fetched as {begun.Id}" : $"{begun.Path}: {Amount.ToWords(begun.State)}, {WarmProgress.Describe(begun)}");
        }

        if (begun.State is WarmState.Failed or WarmState.Cancelled)
        {
            throw new CommandFailure($"{begun.Path}: {Amount.ToWords(begun.State)}{((begun.Reason ?? begun.Error) is { } why ? $": {why}" : "")}");
        }
    }

    private static async Task<(WarmAnswer Last, string Json)> WatchAsync(
        NodeClient node, WarmAnswer begun, string json, WarmProgress progress, CancellationToken cancellationToken)
    {
        var (last, lastJson) = (begun, json);
        try
        {
            await progress.ShowAsync(FollowAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await node.AskAsync(HttpMethod.Delete, $"warm/{Uri.EscapeDataString(begun.Id)}", notFound: null, CancellationToken.None);
            throw new CommandFailure($"{begun.Path}: interrupted, so the node stopped fetching it ({WarmProgress.Describe(last)})");
        }

        return (last, lastJson);

        async IAsyncEnumerable<WarmAnswer> FollowAsync([EnumeratorCancellation] CancellationToken stop)
        {
            yield return last;
            while (last.State is WarmState.Running)
            {
                await Task.Delay(Interval, TimeProvider.System, stop);
                lastJson = await node.AskAsync(
                    HttpMethod.Get, $"warm/{Uri.EscapeDataString(begun.Id)}", $"the node at {node.Name} no longer knows this warm-up: it was restarted", stop);
                last = node.Read(lastJson, WarmAnswerJson.Readable.WarmAnswer);
                yield return last;
            }
        }
    }
}
