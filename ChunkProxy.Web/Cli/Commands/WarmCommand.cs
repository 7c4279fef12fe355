using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Warming;
using ChunkProxy.Web.Cli.Flags;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>Fetches objects into the cache.</summary>
/// <param name="standardInput">Opens the standard input.</param>
/// <param name="time">The clock.</param>
internal sealed class WarmCommand(Func<TextReader> standardInput, TimeProvider time) : NodeCommand
{
    private static readonly Flag Range = new("range", "range", new FlagValue("from-to", "a range of bytes such as 0-1048575"), null, "The bytes to fetch, both ends included; default: all");

    private static readonly Flag Detach = new("detach", "detach", null, null, "Do not wait for the end; the node continues on its own");

    private static readonly Flag From = new(
        "from", "from", FlagValue.File, null, "File with more paths or URLs, one on each line, or - for the standard input; lines that begin with # are skipped");

    private static readonly Flag Rate = new(
        "rate", "rate", new FlagValue("size", "a size such as 10MiB, at least 1KiB"), null, "Most bytes a second from the origin: the objects are then fetched one after the other; default: no limit");

    private static readonly Flag Resume = new(
        "resume", "resume", FlagValue.File, null, "File in which finished objects are recorded; a run with the same file skips them, so that it continues an interrupted one");

    public override string Name => "warm";

    public override string Summary => "Fetch objects, or a range of one, into the cache, and show the progress";

    public override string ArgumentName => "path" + Several;

    public override bool NeedsArgument => false;

    public override IReadOnlyList<Flag> Flags => [From, Range, Rate, Resume, Detach];

    public override IReadOnlyList<(string Line, string Does)> Examples =>
    [
        ("chunkproxy warm /films/orbit.webm", "The whole object; Ctrl-C cancels"),
        ("chunkproxy warm -range 0-10485759 -detach /films/orbit.webm", "Its first 10 MiB, without waiting"),
        ("chunkproxy warm -from films.txt -resume finished.txt -rate 20MiB", "All objects of a list, at most 20 MiB a second; after an interruption the same command continues"),
    ];

    public override async Task RunAsync(NodeClient node, CommandInput input, CommandOutput output, CancellationToken cancellationToken)
    {
        var items = ItemsOf(input);
        var rate = RateOf(input);
        if (items is [var single] && input.ValueOf(From) is null && input.ValueOf(Resume) is null)
        {
            await new WarmOne(node, input, output).RunAsync(single, rate, input.IsSet(Detach), cancellationToken);
            return;
        }

        if (input.IsSet(Detach))
        {
            throw CommandFailure.WrongUsage($"{Detach} takes one path");
        }

        using var finished = FinishedOf(input);
        var atOnce = rate is null ? WarmRun.AtOnce : 1;
        await new WarmRun(new NodeWarmUps(node, rate, time), finished, new WarmRunView(output, input.Json), atOnce).RunAsync(items, cancellationToken);
    }

    private List<WarmItem> ItemsOf(CommandInput input)
    {
        var from = input.ValueOf(From);
        if (input.Arguments is [] && from is null)
        {
            throw CommandFailure.WrongUsage($"{Name} needs a path, or a list ({From}): {Examples[0].Line}");
        }

        var names = from is null ? input.Arguments : [.. input.Arguments, .. ListOf(from)];
        return [.. names.Select(name => new WarmItem(name, input.ValueOf(Range)))];
    }

    private IReadOnlyList<string> ListOf(string from)
    {
        try
        {
            using var reader = from == WarmList.StandardInput ? standardInput() : File.OpenText(from);
            return WarmList.Read(reader);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw CommandFailure.WrongUsage($"{From}: cannot be read: {unreadable.Message}");
        }
    }

    private static FinishedItems FinishedOf(CommandInput input)
    {
        try
        {
            return input.ValueOf(Resume) is { } file ? FinishedItems.Open(file) : FinishedItems.None;
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw CommandFailure.WrongUsage($"{Resume}: {unusable.Message}");
        }
    }

    private static long? RateOf(CommandInput input) => input.ValueOf(Rate) switch
    {
        null => null,
        var text when ByteSize.TryParse(text, out var size) && size.Bytes >= WarmPace.LowestRate => size.Bytes,
        var text => throw CommandFailure.WrongUsage($"{Rate}: '{text}' is not {Rate.Value!.Takes}"),
    };
}
