using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Warming;
using ChunkProxy.Web.Cli.Flags;
using ChunkProxy.Web.Cli.Playlists;

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

    private static readonly Flag Follow = new(
        "follow", "follow", null, static () => "true", "Follow HLS and DASH playlists (.m3u8, .mpd): fetch their renditions, segments and keys; -follow=false fetches only the playlist itself");

    private static readonly Flag Renditions = new(
        "renditions", "renditions", new FlagValue("list", RenditionChoice.Expected), null,
        "Renditions to fetch of a playlist, such as 720p,1080p, or 3M: those up to 3 Mbit/s; default: all. Sound and subtitles of these renditions are always fetched");

    private static readonly Flag IFrames = new("iframes", "iframes", null, null, "Also fetch the playlists of key frames, which players use for previews");

    public override string Name => "warm";

    public override string Summary => "Fetch objects, the segments of playlists, or a range, into the cache, and show the progress";

    public override string ArgumentName => "path" + Several;

    public override bool NeedsArgument => false;

    public override IReadOnlyList<Flag> Flags => [From, Follow, Renditions, IFrames, Range, Rate, Resume, Detach];

    public override IReadOnlyList<(string Line, string Does)> Examples =>
    [
        ("chunkproxy warm /films/orbit.webm", "The whole object; Ctrl-C cancels"),
        ("chunkproxy warm -range 0-10485759 -detach /films/orbit.webm", "Its first 10 MiB, without waiting"),
        ("chunkproxy warm -renditions 720p,1080p /films/orbit/master.m3u8", "Two renditions of an HLS film, with sound and subtitles"),
        ("chunkproxy warm -from films.txt -resume finished.txt -rate 20MiB", "All objects of a list, at most 20 MiB a second; after an interruption the same command continues"),
    ];

    public override async Task RunAsync(NodeClient node, CommandInput input, CommandOutput output, CancellationToken cancellationToken)
    {
        var items = ItemsOf(input);
        var rate = RateOf(input);
        var follows = Follows(input, items);
        if (items is [var single] && !follows && input.ValueOf(From) is null && input.ValueOf(Resume) is null)
        {
            await new WarmOne(node, input, output).RunAsync(single, rate, input.IsSet(Detach), cancellationToken);
            return;
        }

        if (input.IsSet(Detach))
        {
            throw CommandFailure.WrongUsage(items is [_] && follows ? $"{Detach} does not follow playlists: add {Follow}=false" : $"{Detach} takes one path");
        }

        using var finished = FinishedOf(input);
        var tally = new WarmTally();
        var view = new WarmRunView(output, input.Json);
        var follower = follows ? new PlaylistFollower(node, ChoiceOf(input), input.IsSet(IFrames), tally, view) : null;
        var run = new WarmRun(new NodeWarmUps(node, rate, time), follower, finished, tally, view, rate is null ? WarmRun.AtOnce : 1);
        await run.RunAsync(items, cancellationToken);
    }

    // A range is of an object, and not of what it names.
    private static bool Follows(CommandInput input, IReadOnlyList<WarmItem> items) =>
        (input.ValueOf(Follow) is null || input.IsSet(Follow)) && input.ValueOf(Range) is null && items.Any(item => PlaylistName.FormatOf(item.Name) is not null);

    private static RenditionChoice ChoiceOf(CommandInput input) => input.ValueOf(Renditions) is not { } text
        ? RenditionChoice.All
        : RenditionChoice.Parse(text) ?? throw CommandFailure.WrongUsage($"{Renditions}: '{text}' is not {RenditionChoice.Expected}");

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
